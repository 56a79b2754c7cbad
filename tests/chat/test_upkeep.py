"""What is done by itself and when, what the person asks for, and what is told of it."""

import pytest

from desktop_app.chat.events import StorageTrouble
from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.chat.upkeep import (
    BACKUP_SECONDS,
    EXAMINATION_SECONDS,
    BackedUp,
    BackupFailed,
    DamageFound,
    Reloaded,
    RoomGivenUp,
    Upkeep,
)
from desktop_app.demo.journal import Gate
from desktop_app.domain.backup import BackupReason, Damage
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE, TEXT
from tests.fakes.model import ScriptedAnswer
from tests.fakes.safekeeper import MemorySafekeeper

NOW = 1_795_000_000.0


class Care:
    """An upkeep whose clock the test turns."""

    def __init__(self, store, model):
        self.now = NOW
        self.examined = [NOW]
        self.events = []
        self.store = store
        self.model = model
        self.sleeps = [Gate(), Gate(), Gate()]
        sleeps = iter(self.sleeps)

        async def source():
            return model

        async def sleep(_seconds):
            gate = next(sleeps)
            gate.reached.mark()
            await gate.opened.arrived(None)

        self.keeper = MemorySafekeeper(store)
        self.library = Library(store, source, lambda: "MiniMax-M2")
        self.upkeep = Upkeep(
            self.keeper,
            self.library,
            examined_at=lambda: self.examined[-1],
            note_examined=self.examined.append,
            clock=lambda: self.now,
            sleep=sleep,
        )
        self.upkeep.subscribe(self.events.append)

    async def look_after(self, seconds):
        self.now += seconds
        await self.upkeep.look()

    async def change(self):
        await self.store.save_conversation(Conversation("c", title=str(self.now)))

    @property
    def reasons(self):
        return [backup.reason for backup, _ in self.keeper.copies.values()]


@pytest.fixture
async def care(store, model):
    care = Care(store, model)
    yield care
    store.failure = care.keeper.failure = None
    await care.library.close()
    await care.upkeep.close()


async def test_every_half_hour_what_was_changed_is_copied(care):
    await care.change()
    await care.look_after(BACKUP_SECONDS - 1)
    assert care.reasons == []
    await care.look_after(1)
    assert care.reasons == [BackupReason.AUTOMATIC]
    await care.look_after(BACKUP_SECONDS)
    assert len(care.reasons) == 1, "nothing was changed"
    await care.change()
    await care.look_after(1)
    assert len(care.reasons) == 1
    await care.look_after(BACKUP_SECONDS)
    assert len(care.reasons) == 2
    assert [type(event) for event in care.events] == [BackedUp, BackedUp]


async def test_a_clock_that_was_set_back_puts_nothing_off(care):
    await care.change()
    await care.look_after(-86_400)
    assert len(care.reasons) == 1


async def test_leaving_copies_what_was_changed(care):
    await care.change()
    await care.upkeep.close()
    assert care.reasons == [BackupReason.AUTOMATIC]
    assert care.keeper.closed


async def test_leaving_without_a_change_copies_nothing(care):
    await care.upkeep.close()
    assert care.reasons == []


async def test_leaving_is_not_kept_up_by_a_copy_that_fails(care):
    care.keeper.failure = StoreError("The disk is full.")
    await care.upkeep.close()
    assert care.keeper.closed


async def test_that_no_copy_can_be_made_is_said_once_until_one_can(care):
    await care.change()
    care.keeper.failure = StoreError("The disk is full.")
    for _ in range(3):
        await care.look_after(BACKUP_SECONDS)
    assert care.events == [BackupFailed("The disk is full.")]
    care.keeper.failure = None
    await care.look_after(BACKUP_SECONDS)
    care.keeper.failure = StoreError("The disk is full.")
    await care.change()
    await care.look_after(BACKUP_SECONDS)
    assert [type(event) for event in care.events] == [BackupFailed, BackedUp, BackupFailed]


async def test_every_week_everything_is_examined(care, expect_error_log):
    expect_error_log("Damage: 3 messages")
    care.keeper.damage = Damage(messages=3)
    await care.look_after(EXAMINATION_SECONDS - 1)
    assert care.events == []
    await care.look_after(1)
    assert care.events == [DamageFound(Damage(messages=3))]
    assert care.examined[-1] == care.now
    await care.look_after(1)
    assert len(care.events) == 1


async def test_a_first_run_examines_nothing_and_begins_to_count(care):
    care.examined.append(0.0)
    await care.look_after(10)
    assert care.examined[-1] == care.now


async def test_nothing_is_examined_while_an_answer_is_on_its_way(care, expect_error_log):
    expect_error_log("Damage")
    care.keeper.damage = Damage("a page is wrong")
    hold = Gate()
    care.model.then(ScriptedAnswer((TEXT, hold)))
    session = care.library.new_session()
    session.send("Why tea?")
    await hold.reached.arrived()
    await care.look_after(EXAMINATION_SECONDS)
    assert DamageFound not in map(type, care.events)
    session.stop()
    await session.settled()
    await care.look_after(1)
    assert DamageFound in map(type, care.events)


async def test_a_copy_that_is_refused_has_everything_examined(care, expect_error_log):
    expect_error_log("Damage")
    care.keeper.damage = Damage("a page is wrong")
    care.keeper.failure = StoreError("The file is damaged.")
    await care.change()
    await care.look_after(BACKUP_SECONDS)
    assert care.events == [BackupFailed("The file is damaged.")]
    care.keeper.failure = None
    await care.look_after(1)
    assert care.events[1:] == [DamageFound(care.keeper.damage)]


async def test_room_that_was_needed_is_told(care):
    care.keeper.room_was_needed = True
    await care.look_after(1)
    await care.look_after(1)
    assert care.events == [RoomGivenUp()]


async def test_it_looks_now_and_then_until_it_is_closed(care):
    care.keeper.room_was_needed = True
    care.upkeep.start()
    await care.sleeps[0].reached.arrived()
    assert care.events == [RoomGivenUp()]
    care.keeper.room_was_needed = True
    care.sleeps[0].open()
    await care.sleeps[1].reached.arrived()
    assert care.events == [RoomGivenUp()] * 2


async def test_whoever_does_not_want_to_hear_more_is_told_no_more(care):
    heard = []
    unsubscribe = care.upkeep.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    await care.upkeep.back_up_now()
    assert heard == []
    late = care.upkeep.subscribe(heard.append)
    await care.upkeep.close()
    late()


async def test_what_waits_to_be_stored_is_tried_again(care):
    care.store.failure = StoreError("The disk is full.")
    care.model.then(COMPLETE)
    session = care.library.new_session()
    told = []
    session.subscribe(lambda event: told.append(event) if type(event) is StorageTrouble else None)
    session.send("Why tea?")
    await session.settled()
    await care.look_after(60)
    assert [event.detail for event in told] == ["The disk is full."]
    care.store.failure = None
    await care.look_after(60)
    await care.look_after(60)
    assert [event.detail for event in told] == ["The disk is full.", ""]
    assert care.store.messages[session.messages[-1].id] == session.messages[-1]


async def test_a_copy_that_the_person_wants(care):
    made = await care.upkeep.back_up_now()
    assert made.reason is BackupReason.MANUAL
    assert care.events == [BackedUp(made)]
    assert await care.upkeep.list_backups() == (made,)


async def test_restoring_stops_and_stores_what_is_on_its_way_first(care):
    made = await care.upkeep.back_up_now()
    hold = Gate()
    care.model.then(ScriptedAnswer((TEXT, hold)))
    session = care.library.new_session()
    session.send("Why tea?")
    await hold.reached.arrived()
    before = await care.upkeep.restore(made.name)
    assert care.library.conversations == ()
    assert care.library.session(session.conversation.id) is None
    assert not session.send("more")
    assert care.events[-1] == Reloaded()
    await care.upkeep.restore(before.name)
    (conversation,) = care.library.conversations
    again = await care.library.open(conversation.id)
    assert again.messages[-1].state is MessageState.STOPPED
    assert again.messages[-1].text == "Because of leaves."
    care.model.then(COMPLETE)
    assert again.send("more")
    await again.settled()


async def test_what_cannot_be_stored_keeps_everything_from_being_replaced(care):
    made = await care.upkeep.back_up_now()
    care.store.failure = StoreError("The disk is full.")
    care.model.then(COMPLETE)
    session = care.library.new_session()
    session.send("Why tea?")
    await session.settled()
    with pytest.raises(StoreError, match="could not be saved"):
        await care.upkeep.restore(made.name)
    assert len(care.keeper.copies) == 1
    assert care.library.session(session.conversation.id) is session
    care.store.failure = None
    await care.upkeep.restore(made.name)
    assert care.library.conversations == ()


async def test_a_copy_that_cannot_be_restored_leaves_a_library_that_works(care):
    care.model.then(COMPLETE)
    session = care.library.new_session()
    session.send("Why tea?")
    await session.settled()
    with pytest.raises(StoreError):
        await care.upkeep.restore("no such copy")
    assert care.events == [Reloaded()]
    (conversation,) = care.library.conversations
    assert (await care.library.open(conversation.id)).messages == session.messages
