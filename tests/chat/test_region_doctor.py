"""The other region of a key: who is asked, and where the key is kept."""

from desktop_app.catalog.regions import REGIONS
from desktop_app.chat.connections import (
    ConnectionBook,
    environment_connection,
    region_connection,
)
from desktop_app.chat.key_check import KeyCheck
from desktop_app.chat.region_doctor import RegionDoctor
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.settings.store import SettingsStore
from tests.fakes.key_store import MemoryKeyStore

INTERNATIONAL, CHINA = (region_connection(region) for region in REGIONS)
KEY = "sk-cp-abcdefghijkl1234"
OWN = Connection("own", "Own", "https://own.example/v1", ConnectionSource.CUSTOM)


class Clinic:
    """A doctor with everything round it."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self.keys = MemoryKeyStore({INTERNATIONAL.key_account: KEY})
        given = environment_connection(environment or {})
        self.book = ConnectionBook(SettingsStore(None), self.keys, given)
        self.asked: list[tuple[str, str]] = []
        self.doctor = RegionDoctor(self.book, self.keys, self._probe)

    async def _probe(self, connection: Connection, key: str) -> KeyCheck:
        self.asked.append((connection.host, key))
        return KeyCheck(("MiniMax-M2",), 12)


def test_each_region_has_the_other_and_nothing_else_has_one() -> None:
    doctor = Clinic().doctor
    assert doctor.other_region(INTERNATIONAL) == CHINA
    assert doctor.other_region(CHINA) == INTERNATIONAL
    assert doctor.other_region(OWN) is None


async def test_one_host_is_asked_with_the_key_it_is_given() -> None:
    clinic = Clinic()
    assert await clinic.doctor.key(INTERNATIONAL) == KEY
    assert await clinic.doctor.key(CHINA) == ""
    assert clinic.asked == []
    assert (await clinic.doctor.ask(CHINA, KEY)).error is None
    assert clinic.asked == [("api.minimaxi.com", KEY)]


async def test_a_kept_key_stands_under_the_other_region_and_is_announced() -> None:
    clinic = Clinic()
    told: list[None] = []
    clinic.book.subscribe(lambda: told.append(None))
    writing = await clinic.doctor.keep(CHINA, KEY)
    assert writing.kept
    assert clinic.keys.items == {INTERNATIONAL.key_account: KEY, CHINA.key_account: KEY}
    assert len(told) == 1


def test_a_key_of_the_environment_is_not_ours_to_keep() -> None:
    assert not Clinic().doctor.is_given(CHINA)
    assert Clinic({"MINIMAX_API_KEY": KEY}).doctor.is_given(CHINA)
    assert not Clinic({"MINIMAX_API_KEY": KEY}).doctor.is_given(OWN)
