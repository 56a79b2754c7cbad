"""Which commands are meant by what was typed, and which of them comes first."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.ui.palette.ranking import Command, ranked


def command(title: str, english: str = "", **more: str) -> Command:
    return Command(title, title, lambda: None, english or title, **more)


NEW = command("新建对话", "New conversation")
NEXT = command("下一个对话", "Next conversation")
HIDE = command("显示或隐藏思考", "Show or hide the thinking")
SETTINGS = command("设置：网络", "Settings: Network")
CAFE = command("Café menu")
ALL = (NEW, NEXT, HIDE, SETTINGS, CAFE)


def found(text: str, *recent: str) -> tuple[Command, ...]:
    return ranked(ALL, text, recent)


def test_nothing_typed_means_everything_in_its_order() -> None:
    assert found("") == found("   ") == ALL


def test_words_stand_anywhere_and_in_any_order() -> None:
    assert found("think hid") == found("HID  think") == (HIDE,)
    assert found("thinking nothing") == ()


def test_both_languages_are_found_and_may_be_mixed() -> None:
    assert found("对话") == (NEW, NEXT)
    assert found("conversation") == (NEW, NEXT)
    assert found("网络 settings") == (SETTINGS,)
    assert found("ｎｅｗ") == (NEW,)
    assert found("cafe") == found("Café") == (CAFE,)


def test_words_that_begin_with_it_come_before_words_that_hold_it() -> None:
    inside, begins = command("Renew the list"), command("The new list")
    assert ranked((inside, begins), "new", ()) == (begins, inside)
    assert ranked((inside, begins), "new list", ()) == (begins, inside)
    # The second place of the word counts as well.
    again = command("Renew what is new")
    assert ranked((inside, again), "new", ()) == (again, inside)


def test_initials_are_understood_where_nothing_else_fits() -> None:
    assert found("nc") == (NEW, NEXT)
    assert found("soht") == (HIDE,)
    assert found("zz") == ()


def test_what_was_used_last_comes_first_among_what_fits_equally() -> None:
    assert found("", CAFE.id, NEXT.id) == (CAFE, NEXT, NEW, HIDE, SETTINGS)
    assert found("conv", NEXT.id) == (NEXT, NEW)
    inside, begins = command("Renew the list"), command("The new list")
    assert ranked((inside, begins), "new", (inside.id,)) == (begins, inside)


def test_what_else_is_known_of_a_command_is_found_too() -> None:
    poem = command("Prompt: A poem", aside="own", told="Writes verses")
    assert ranked((NEW, poem), "own poem", ()) == ranked((NEW, poem), "verses", ()) == (poem,)


@given(st.text(max_size=12))
def test_any_text_gives_each_command_at_most_once(text: str) -> None:
    commands = found(text, CAFE.id, "gone", CAFE.id)
    assert len(set(commands)) == len(commands)
    assert set(commands) <= set(ALL)
