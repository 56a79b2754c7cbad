"""What was deleted, until it is erased for good."""

from desktop_app.chat import trash as trash_module
from desktop_app.chat.trash import TRASH_DAYS
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text
from tests.chat.library_kit import DAY, filled, titles


async def test_the_trash_is_emptied_after_its_days(store):
    now = [100.0 * DAY]
    store._clock = lambda: now[0]
    library = await filled(store, *(Conversation(name, name) for name in "abc"))
    library.trash._clock = lambda: now[0]
    await library.delete("a")
    now[0] += 1
    await library.delete("b")
    assert [c.title for c in await library.trash.list()] == ["b", "a"]
    now[0] = 100.0 * DAY + TRASH_DAYS * DAY
    assert await library.trash.erase_expired() == 0
    now[0] += 0.5
    assert await library.trash.erase_expired() == 1
    assert [c.title for c in await library.trash.list()] == ["b"]
    await library.trash.erase("b")
    await library.trash.erase("c")
    assert await library.trash.list() == ()
    assert titles(library) == ["c"]


async def test_one_run_deletes_so_many_for_good_the_oldest_first(store, monkeypatch):
    monkeypatch.setattr(trash_module, "ERASED_AT_ONCE", 2)
    moments = iter((3.0, 1.0, 2.0))
    store._clock = lambda: next(moments)
    library = await filled(store, *(Conversation(name, name) for name in "abc"))
    for name in "abc":
        await library.delete(name)
    assert await library.trash.erase_expired() == 2
    assert [c.title for c in await library.trash.list()] == ["a"]


async def test_deleted_versions_go_with_the_trash(store, monkeypatch):
    monkeypatch.setattr(trash_module, "MESSAGES_AT_ONCE", 2)
    now = [1.0 * DAY]
    store._clock = lambda: now[0]
    library = await filled(store, Conversation("a", "a"))
    library.trash._clock = lambda: now[0]
    for name, parent in (("m1", None), ("m2", "m1"), ("m3", "m2"), ("m4", None)):
        made = Message(name, Role.USER, (Text(name),), parent=parent)
        await store.add_messages(Conversation("a", "a", head=name), (made,))
    await store.delete_branch(Conversation("a", "a", head="m4"), "m1")
    now[0] += TRASH_DAYS * DAY
    await library.trash.erase_expired()
    assert len(store.messages) == 4
    now[0] += 1
    await library.trash.erase_expired()
    assert set(store.messages) == {"m4"}
