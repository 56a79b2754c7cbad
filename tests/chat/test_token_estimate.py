import pytest

from desktop_app.chat.outgoing import Item, ItemKind
from desktop_app.chat.token_estimate import PER_MESSAGE, PER_REQUEST, TokenCounter, estimate

# Counted by the vocabularies o200k, Qwen 3 and DeepSeek V3.
COUNTED = {
    "English": (
        "The tea house at the corner opens before sunrise. Its owner, who learned the trade from her aunt, warms the cups first and waits until the water has stopped singing; then she pours it over the leaves in one slow circle, and nobody speaks until the first cup is empty.",
        (56, 57, 57),
    ),
    "Chinese": (
        "街角的茶馆在日出之前开门。店主从姑姑那里学会了这门手艺，她先温杯，等水不再作响，再缓缓地把水绕着茶叶倒一圈；第一杯喝完之前，谁也不说话。今天的龙井是清明前采的，香气很淡，却留得很久。",
        (83, 71, 61),
    ),
    "Japanese": (
        "角の茶店は日の出前に開きます。店主はまず茶碗を温め、湯の音が静まるのを待ってから、茶葉の上にゆっくりと円を描くように注ぎます。最初の一杯が空になるまで、誰も話しません。",
        (74, 63, 64),
    ),
    "Python": (
        "def brew(leaves: list[Leaf], water: Water, *, seconds: float = 180.0) -> Tea:\n    if not leaves:\n        raise ValueError('there is nothing to brew')\n    pot = Pot(water.at(celsius=95))\n    for leaf in leaves:\n        pot.add(leaf)\n    pot.wait(seconds)\n    return pot.pour()\n",
        (77, 79, 78),
    ),
    "JSON": (
        '{"name": "read_file", "arguments": {"path": "notes/green tea.md", "first": 1, "last": 120}, "id": "call_3f2b8c", "ok": true, "sizes": [12, 480, 9600]}',
        (63, 70, 64),
    ),
    "Markdown": (
        "## Brewing\n\n| tea | water | time |\n| --- | ---: | ---: |\n| green | 75 °C | 2 min |\n| black | 95 °C | 4 min |\n\n* **Warm** the pot first.\n* Use *soft* water; see [the notes](https://example.com/water).\n",
        (70, 72, 72),
    ),
    "German": (
        "Das Teehaus an der Ecke öffnet vor Sonnenaufgang. Die Besitzerin wärmt zuerst die Tassen und wartet, bis das Wasser nicht mehr singt; dann gießt sie es langsam im Kreis über die Blätter.",
        (46, 59, 56),
    ),
    "Korean": (
        "모퉁이의 찻집은 해가 뜨기 전에 문을 엽니다. 주인은 먼저 잔을 데우고 물소리가 잦아들 때까지 기다린 다음, 찻잎 위에 천천히 원을 그리며 물을 붓습니다.",
        (64, 67, 69),
    ),
}


@pytest.mark.parametrize(("text", "counts"), COUNTED.values(), ids=COUNTED)
def test_an_estimate_is_near_what_real_vocabularies_count(text, counts):
    # One short text may be further off than the sum of many: a quarter, where the sum is a tenth.
    assert 0.75 * min(counts) <= estimate(text) <= 1.25 * max(counts)


def test_nothing_takes_nothing_and_anything_takes_something():
    assert estimate("") == 0
    for text in ("a", " ", "茶", "\ud800", "\0", "ế"):
        assert estimate(text) >= 1


def test_a_text_takes_what_its_pieces_take():
    text = "Tea 茶 42\n"
    assert estimate(text * 1000) == pytest.approx(1000 * estimate(text * 10) / 10, rel=0.05)


def item(text, message_id="m", place=0, sent=True, **more):
    return Item(ItemKind.TEXT, message_id, text, sent, place=place if sent else None, **more)


def test_a_request_takes_its_items_and_what_stands_around_them():
    counter = TokenCounter()
    assert counter.total([]) == PER_REQUEST
    plan = [item("one " * 100), item("two " * 100, "n"), item("three " * 100, "o", 1, sent=False)]
    words = sum(counter.tokens(i) for i in plan[:2])
    assert counter.total(plan) == words + PER_REQUEST + PER_MESSAGE
    assert words == estimate("one " * 100) + estimate("two " * 100)


def test_what_the_server_counted_corrects():
    counter = TokenCounter()
    plan = [item("word " * 1000)]
    first, error = counter.total(plan), counter.error
    counter.correct([(round(first * 1.2), plan)])
    assert counter.total(plan) == pytest.approx(first * 1.2, rel=0.01)
    assert counter.error < error
    # Corrected again, it is not corrected on top.
    counter.correct([(round(first * 1.2), plan)])
    assert counter.ratio == pytest.approx(1.2, rel=0.01)


@pytest.mark.parametrize("counted", [0, 1, 10**9])
def test_a_count_out_of_proportion_is_not_believed(counted):
    counter = TokenCounter()
    counter.correct([(counted, [item("word " * 1000)])])
    assert counter.ratio == 1.0
    assert not counter.is_corrected


def test_one_wild_count_among_others_changes_little():
    counter = TokenCounter()
    plan = [item("word " * 1000)]
    total = counter.total(plan)
    counter.correct([(total, plan), (round(total * 1.9), plan), (total, plan)])
    assert counter.ratio == pytest.approx(1.0, rel=0.01)


def test_a_text_that_grew_is_counted_anew():
    counter = TokenCounter()
    assert counter.tokens(item("a " * 10)) < counter.tokens(item("a " * 100))
