"""The clock, in zones that have their own hours."""

import zoneinfo
from datetime import UTC, datetime

import pytest

from desktop_app.chat.tool_ports import ToolError
from desktop_app.tools.current_time import told
from tests.tools.kit import run


def test_a_moment_is_told_with_its_day_and_zone():
    moment = datetime(2026, 11, 26, 14, 5, 27, tzinfo=UTC)
    shanghai = moment.astimezone(zoneinfo.ZoneInfo("Asia/Shanghai"))
    assert told(shanghai, "Asia/Shanghai") == (
        "Asia/Shanghai: 2026-11-26T22:05:27+08:00 (Thursday, CST, UTC+0800, week 48)"
    )


async def test_the_time_is_now_and_the_same_everywhere():
    before = datetime.now(UTC).replace(microsecond=0)
    text = await run("current_time", {"time_zones": ["Asia/Shanghai", "America/New_York", "UTC"]})
    moments = [
        datetime.fromisoformat(line.split(": ", 1)[1].split(" ")[0]) for line in text.split("\n")
    ]
    assert len(set(moments)) == 1
    assert before <= moments[0] <= datetime.now(UTC)


async def test_without_zones_it_is_that_of_this_computer(monkeypatch):
    text = await run("current_time", {})
    local = datetime.now().astimezone()
    assert text.startswith("this computer: ")
    assert (
        datetime.fromisoformat(text.split(": ", 1)[1].split(" ")[0]).utcoffset()
        == local.utcoffset()
    )


@pytest.mark.parametrize(
    "name", ["Mars/Phobos", "../../etc/passwd", "/etc/passwd", "", "a\0b", "x" * 5_000]
)
async def test_zones_that_do_not_exist_are_said(name):
    with pytest.raises(ToolError, match="no time zone"):
        await run("current_time", {"time_zones": [name]})


async def test_a_city_alone_is_answered_with_its_zone():
    with pytest.raises(ToolError, match="Did you mean Asia/Shanghai"):
        await run("current_time", {"time_zones": ["shanghai"]})


@pytest.mark.parametrize("zones", ["UTC", [1], ["UTC"] * 21])
async def test_other_arguments_are_refused(zones):
    with pytest.raises(ToolError):
        await run("current_time", {"time_zones": zones})
