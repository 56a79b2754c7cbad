"""Which server is used, with which key, and what the environment may say about it."""

import itertools

import pytest

from desktop_app.catalog.regions import REGIONS
from desktop_app.chat.connections import (
    DEMO_KEY,
    ConnectionBook,
    EnvironmentConnection,
    environment_connection,
)
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.keyring_state import KeyReading, KeyringState
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import CONNECTION, THEME
from tests.fakes.key_store import MemoryKeyStore

KEY = "sk-api-canary-1234567890"
OTHER_KEY = "sk-cp-canary-0987654321"
URL = "https://api.minimax.io/v1"
INTERNATIONAL, CHINA = REGIONS[0].id, REGIONS[1].id
DEMO = Connection("demo", "Demo", "http://127.0.0.1:1/v1", ConnectionSource.DEMO)
LOCAL = CustomEndpoint("local", "My server", "http://localhost:8080/v1")


@pytest.fixture
def settings():
    return SettingsStore(None)


@pytest.fixture
def keys():
    return MemoryKeyStore()


@pytest.fixture
def book(settings, keys):
    return ConnectionBook(settings, keys)


def with_environment(settings, keys, **variables):
    return ConnectionBook(settings, keys, environment_connection(variables))


class TestEnvironment:
    def test_nothing_is_set(self):
        assert environment_connection({}) == EnvironmentConnection()

    def test_the_vendors_two_variables_make_a_connection(self):
        found = environment_connection(
            {"OPENAI_BASE_URL": f" {URL}/ ", "OPENAI_API_KEY": f" {KEY}\n"}
        )
        assert found.problem == ""
        assert found.connection_key == KEY
        assert found.region_key == ""
        assert found.connection == Connection(
            "environment", "Environment", URL, ConnectionSource.ENVIRONMENT, needs_key=False
        )

    def test_an_empty_key_is_a_key_for_a_server_without_one(self):
        found = environment_connection(
            {"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1", "OPENAI_API_KEY": ""}
        )
        assert found.connection is not None
        assert found.connection_key == ""

    @pytest.mark.parametrize(
        "variables",
        [
            {"OPENAI_API_KEY": KEY},
            {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": ""},
            {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "  "},
            # Nobody asked for it to be used, so it is not looked at either.
            {"OPENAI_API_KEY": "sk-“bad”"},
            {"OPENAI_BASE_URL": URL},
            {"OPENAI_BASE_URL": "nonsense"},
        ],
    )
    def test_one_of_the_two_is_ignored(self, variables):
        assert environment_connection(variables) == EnvironmentConnection()

    def test_the_key_of_the_regions(self):
        found = environment_connection({"MINIMAX_API_KEY": f"Bearer {KEY}\n"})
        assert found == EnvironmentConnection(region_key=KEY)

    @pytest.mark.parametrize(
        ("variable", "value", "words"),
        [
            ("MINIMAX_API_KEY", f"{KEY}\u200b", "ZERO WIDTH SPACE"),
            ("OPENAI_API_KEY", f"“{KEY}”", "LEFT DOUBLE QUOTATION MARK"),
            ("OPENAI_API_KEY", f"{KEY}\udcff", "U+DCFF"),
            ("OPENAI_BASE_URL", f"http://{KEY}.example/v1", "unprotected"),
            ("OPENAI_BASE_URL", f"https://user:{KEY}@api.minimax.io/v1", "password"),
            ("OPENAI_BASE_URL", f"api.minimax.io/{KEY}", "https://"),
            ("OPENAI_BASE_URL", f"https://api.minimax.io:99999/{KEY}", "port"),
        ],
    )
    def test_a_bad_value_gives_a_sentence_without_the_key(self, variable, value, words):
        good = {"OPENAI_BASE_URL": URL, "OPENAI_API_KEY": OTHER_KEY}
        found = environment_connection(good | {variable: value})
        assert found.problem.startswith(f"{variable} cannot be used")
        assert found.problem.endswith(".")
        assert words in found.problem
        assert "canary" not in found.problem
        assert found.region_key == ""
        # The other variable is none the worse for it.
        if variable == "MINIMAX_API_KEY":
            assert found.connection is not None
            assert found.connection_key == OTHER_KEY
        else:
            assert found.connection is None
            assert found.connection_key == ""

    def test_a_bad_connection_leaves_the_key_of_the_regions(self):
        found = environment_connection(
            {"OPENAI_BASE_URL": "ftp://x", "OPENAI_API_KEY": "a\x01b", "MINIMAX_API_KEY": KEY}
        )
        assert found.region_key == KEY
        assert found.problem.count("cannot be used") == 2

    def test_no_representation_shows_a_key(self):
        found = environment_connection(
            {"OPENAI_BASE_URL": URL, "OPENAI_API_KEY": KEY, "MINIMAX_API_KEY": OTHER_KEY}
        )
        assert found.region_key == OTHER_KEY
        for text in (repr(found), str(found), f"{found}", repr([found]), repr(found.connection)):
            assert "canary" not in text
        assert "canary" not in repr(KeyReading(KEY, KeyringState.READY))


class TestChoosing:
    def test_at_first_it_is_the_international_region(self, book):
        assert book.current.id == INTERNATIONAL
        assert book.current.base_url == URL
        assert [choice.id for choice in book.choices] == [region.id for region in REGIONS]

    def test_a_choice_is_kept(self, book, settings, keys):
        heard = []
        book.subscribe(lambda: heard.append(book.current.id))
        book.select(CHINA)
        assert book.current.base_url == "https://api.minimaxi.com/v1"
        assert set(heard) == {CHINA}
        assert ConnectionBook(settings, keys).current.id == CHINA

    def test_there_is_no_such_connection(self, book):
        with pytest.raises(KeyError):
            book.select("nowhere")
        assert book.current.id == INTERNATIONAL

    def test_a_custom_endpoint(self, book, settings):
        heard = []
        book.subscribe(lambda: heard.append([choice.id for choice in book.choices]))
        settings.set_endpoints((LOCAL,))
        assert heard == [[INTERNATIONAL, CHINA, "local"]]
        book.select("local")
        assert book.current == LOCAL.connection
        assert not book.current.needs_key
        assert not book.current.reasoning_split
        # Once it is gone, the program talks to something that is there.
        settings.set_endpoints(())
        assert book.current.id == INTERNATIONAL

    def test_an_unknown_choice_in_the_file_is_the_first_region(self, book, settings):
        settings.set(CONNECTION, "of-a-newer-version")
        assert book.current.id == INTERNATIONAL
        assert settings.text(CONNECTION) == "of-a-newer-version"

    def test_other_settings_are_no_news(self, book, settings):
        heard = []
        book.subscribe(lambda: heard.append(True))
        settings.set(THEME, "dark")
        assert heard == []

    def test_listeners_can_leave(self, book):
        heard = []
        stop = book.subscribe(lambda: heard.append(True))
        book.announce_key_change()
        stop()
        book.announce_key_change()
        assert heard == [True]

    def test_the_environment_comes_first_and_is_never_stored(self, settings, keys):
        book = with_environment(settings, keys, OPENAI_BASE_URL=URL, OPENAI_API_KEY=KEY)
        assert book.current.id == "environment"
        assert book.choices[0] == book.current
        book.select(CHINA)
        assert book.current.id == CHINA
        book.select("environment")
        assert book.current.id == "environment"
        assert settings.text(CONNECTION) == CHINA
        assert ConnectionBook(settings, keys).current.id == CHINA

    def test_the_region_can_be_chosen_again_beside_the_environment(self, settings, keys):
        """The choice in the file does not change then; whoever watches must hear of it still."""
        book = with_environment(settings, keys, OPENAI_BASE_URL=URL, OPENAI_API_KEY=KEY)
        heard = []
        book.subscribe(lambda: heard.append(book.current.id))
        book.select(INTERNATIONAL)
        assert heard == [INTERNATIONAL]

    def test_the_demo_is_for_this_run(self, settings, keys):
        book = ConnectionBook(settings, keys, demo=DEMO)
        assert book.current == book.demo == DEMO
        assert DEMO in book.choices
        book.select(CHINA)
        assert book.current.id == CHINA
        book.select("demo")
        assert book.current == DEMO
        assert settings.text(CONNECTION) == CHINA

    def test_the_demo_can_be_begun_later(self, book, settings):
        assert book.demo is None
        heard = []
        book.subscribe(lambda: heard.append(book.current.id))
        book.use_demo(DEMO)
        assert heard == ["demo"]
        assert settings.text(CONNECTION) == CONNECTION.default

    def test_the_demo_comes_before_the_environment(self, settings, keys):
        environment = environment_connection({"OPENAI_BASE_URL": URL, "OPENAI_API_KEY": KEY})
        book = ConnectionBook(settings, keys, environment, DEMO)
        assert book.current == DEMO
        assert [choice.id for choice in book.choices[:2]] == ["demo", "environment"]


class TestKeys:
    async def test_one_key_for_each_region(self, book, keys):
        international, china = book.choices[:2]
        await keys.write(international.key_account, KEY)
        await keys.write(china.key_account, OTHER_KEY)
        assert (await book.key(international)).key == KEY
        assert (await book.key(china)).key == OTHER_KEY

    async def test_a_key_does_not_follow_an_endpoint_to_another_server(self, book, settings, keys):
        settings.set_endpoints((LOCAL,))
        await keys.write(LOCAL.connection.key_account, KEY)
        moved = CustomEndpoint("local", "My server", "https://elsewhere.example/v1")
        settings.set_endpoints((moved,))
        assert (await book.key(moved.connection)).key is None
        assert (await book.key(LOCAL.connection)).key == KEY

    async def test_the_environments_keys_go_where_they_belong(self, settings, keys):
        book = with_environment(
            settings, keys,
            OPENAI_BASE_URL="https://one.example/v1", OPENAI_API_KEY=KEY, MINIMAX_API_KEY=OTHER_KEY,
        )  # fmt: skip
        settings.set_endpoints((LOCAL,))
        book.use_demo(DEMO)
        given = {c.id: (await book.key(c)).key for c in book.choices}
        assert given == {
            "demo": DEMO_KEY, "environment": KEY, INTERNATIONAL: OTHER_KEY, CHINA: OTHER_KEY,
            "local": None,
        }  # fmt: skip
        assert keys.items == {}
        assert book.environment_key(LOCAL.connection) == ""
        assert book.environment_key(DEMO) == ""

    @pytest.mark.parametrize("state", list(KeyringState))
    async def test_the_state_of_the_keyring_is_passed_on(self, settings, state):
        book = ConnectionBook(settings, MemoryKeyStore(state=state))
        assert await book.key(book.current) == KeyReading(None, state)

    async def test_the_keyring_is_not_asked_where_the_environment_answers(self, settings):
        keys = MemoryKeyStore(state=KeyringState.LOCKED)
        book = with_environment(
            settings, keys, OPENAI_BASE_URL=URL, OPENAI_API_KEY="", MINIMAX_API_KEY=KEY
        )
        assert await book.key(book.current) == KeyReading(None, KeyringState.READY)
        for region in REGIONS:
            book.select(region.id)
            assert await book.key(book.current) == KeyReading(KEY, KeyringState.READY)


def test_every_region_has_an_account_of_its_own(book, settings):
    settings.set_endpoints((LOCAL,))
    accounts = [choice.key_account for choice in book.choices]
    assert all(a != b for a, b in itertools.combinations(accounts, 2))
