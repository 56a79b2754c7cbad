import pytest

from desktop_app.catalog.models import DEFAULT_MODEL, MODELS, find_model


def test_every_row_is_plausible():
    names = [name.casefold() for model in MODELS for name in (model.name, *model.aliases)]
    assert len(names) == len(set(names))
    for model in MODELS:
        assert model.context_window >= 204_800
        assert model.max_output is None or model.max_output <= model.context_window
        limits = [price.up_to for price in model.prices]
        assert limits[:-1] == sorted(limit for limit in limits[:-1] if limit is not None)
        assert all(limit is None for limit in limits[-1:])
        for price in model.prices:
            assert 0 < price.input < price.output < 10
            assert price.cache_read is None or 0 < price.cache_read < price.input
            assert price.as_of.year >= 2026


def test_the_quickstarts_models_are_there():
    assert find_model("MiniMax-M2") is MODELS[0]
    assert MODELS[0].name == DEFAULT_MODEL
    assert find_model("MiniMax-M2-Stable") is not None


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("minimax-m2", "MiniMax-M2"),
        ("MINIMAX-M2.7-HIGHSPEED", "MiniMax-M2.7-highspeed"),
        (" MiniMax-M3 ", "MiniMax-M3"),
        ("minimax-m2.5-lightning", "MiniMax-M2.5-highspeed"),
    ],
)
def test_case_and_old_names_do_not_matter(spelling, name):
    model = find_model(spelling)
    assert model is not None
    assert model.name == name


@pytest.mark.parametrize("name", ["", "gpt-oss", "MiniMax-M2.", "MiniMax"])
def test_unknown_names_are_none(name):
    assert find_model(name) is None


def test_the_price_depends_on_the_length_of_the_request():
    m3 = find_model("MiniMax-M3")
    assert m3 is not None
    assert m3.images
    assert m3.price(512_000).input == 0.30
    assert m3.price(512_001).input == 0.60
    flash = find_model("MiniMax-M3.1-Flash-Preview")
    assert flash is not None
    assert flash.price(1) is None
