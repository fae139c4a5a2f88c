"""What masters stumble over in cameras of one make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

from controller.interface.cameras import hikvision
from scenarios.conform.cameras.bench import CameraBench
from scenarios.conform.cameras.statement import Statement
from scenarios.conform.listener import Heard
from scenarios.conform.verdict import Check, InapplicableError, demand

_BEAT_S = 10.0
_BEATS_PATIENCE_MS = 26_000
_INTERVAL_MS = 75_000
"""The maker's shortest interval is a minute."""

_SEEN_MS, _OBJECT_EVENTS = 5500, 4
_MOST_LAG = timedelta(seconds=2)


async def _objects(bench: CameraBench) -> str:
    """ONVIF and Axis: an event for each person, who stands before he stops standing."""
    await bench.listen(lambda: _told_of_objects(bench) >= _OBJECT_EVENTS, _SEEN_MS)
    standing: set[tuple[str, str]] = set()
    begun = ended = crossed = 0
    for _, said in bench.statements():
        for one in said.heard:
            if not one.object:
                continue
            key = (one.point, one.object)
            if one.value is True:
                demand(key not in standing, f"{one.point}: object {one.object} begins twice")
                standing.add(key)
                begun += 1
            elif one.value is False:
                demand(key in standing, f"{one.point}: object {one.object} ends and never began")
                standing.discard(key)
                ended += 1
            else:
                crossed += 1
    if not begun + crossed:
        raise InapplicableError("nobody was seen: walk before it, or give --provoke CMD")
    return f"{begun} begin, {ended} end, {crossed} cross a line"


def _told_of_objects(bench: CameraBench) -> int:
    return sum(bool(one.object) for _, said in bench.statements() for one in said.heard)


async def _posts(bench: CameraBench) -> str:
    """Hikvision: a lasting alarm is posted again with a growing count, and ends once."""
    await bench.listen(lambda: len(_alarms(bench)) >= 3, _SEEN_MS)
    said = _alarms(bench)
    if not said:
        raise InapplicableError("no alarm was seen: make a crowd, or give --provoke CMD")
    for kind in dict.fromkeys(one.kind for one in said if one.kind in _lasting()):
        posts = [(one.active, one.posts) for one in said if one.kind == kind]
        for (was, before), (active, now) in pairwise(posts):
            grows = now == before + 1 if was else (not active or now == 1)
            demand(grows, f"{kind}: activePostCount goes from {before} to {now}")
    return f"{len(said)} posts of {', '.join(dict.fromkeys(one.kind for one in said))}"


def _alarms(bench: CameraBench) -> list[Statement]:
    said = (one for _, one in bench.statements())
    return [one for one in said if one.posts >= 0 and one.kind != hikvision.HEARTBEAT]


def _lasting() -> set[str]:
    return {hikvision.EVENTS[what] for what in hikvision.LASTING}


async def _beats(bench: CameraBench) -> str:
    """Hikvision: `videoloss`, inactive, count 0, every ten seconds: a heartbeat, not an alarm."""
    await bench.listen(lambda: len(_heart(bench)) >= 3, _BEATS_PATIENCE_MS)
    beats = _heart(bench)
    demand(len(beats) > 1, f"{len(beats)} heartbeats within {_BEATS_PATIENCE_MS // 1000} s")
    for _, one in beats:
        demand(not one.active and not one.posts, "videoloss is active: the picture is gone")
    gaps = [(b[0].at_ms - a[0].at_ms) / 1000 for a, b in pairwise(beats)]
    for gap in gaps:
        bench.latencies.add("heartbeat to heartbeat", 1000 * gap)
    even = all(0.7 * _BEAT_S <= gap <= 1.3 * _BEAT_S for gap in gaps)
    demand(even, f"heartbeats {min(gaps):.1f} to {max(gaps):.1f} s apart, {_BEAT_S:g} s expected")
    return f"{len(beats)} heartbeats, {min(gaps):.1f} to {max(gaps):.1f} s apart"


def _heart(bench: CameraBench) -> list[tuple[Heard, Statement]]:
    return [pair for pair in bench.statements() if pair[1].kind == hikvision.HEARTBEAT]


async def _reports(bench: CameraBench) -> str:
    """Milesight: both reports of an interval, `max_counted` in one and `Max_counted` in the other.

    Their numbers agree: the regions make up the total, the greatest count is not below it.
    """
    told = await bench.listen(lambda: len(_intervals(bench)) >= 2, _INTERVAL_MS)
    said = _intervals(bench)
    demand(
        told, f"{len(said)} reports of an interval within {_INTERVAL_MS // 1000} s, two expected"
    )
    first, second, *_ = said
    demand(first.begin == second.begin, "the two reports are of different intervals")
    names = {*first.members, *second.members}
    both = names == {"max_counted", "Max_counted"} and first.members != second.members
    demand(both, f"the reports have {', '.join(sorted(names)) or 'no greatest count'}, not "
                 "max_counted in one and Max_counted in the other")  # fmt: skip
    for _, one in bench.statements():
        _agrees(one)
    assert first.begin is not None
    return f"both reports of {(first.when - first.begin).total_seconds():g} s, numbers agree"


def _agrees(one: Statement) -> None:
    counts = one.counts
    total = counts.get("current_total", 0)
    regions = counts.get("current_counted", total)
    demand(regions == total, f"current_total is {total}, its regions hold {regions}")
    for name in one.members:
        demand(counts[name] >= total, f"{name} is {counts[name]}, less than now: {total}")
    if one.begin is not None:
        demand(one.begin < one.when + _MOST_LAG, "the interval ends before it begins")


def _intervals(bench: CameraBench) -> list[Statement]:
    return [one for _, one in bench.statements() if one.begin is not None]


_OBJECTS = Check("objects", "each person's events begin and end", _objects)
QUIRKS: Mapping[str, tuple[Check[CameraBench], ...]] = {
    "onvif": (_OBJECTS,),
    "axis": (_OBJECTS,),
    "hikvision": (
        Check("posts", "a lasting alarm is posted again, counted", _posts),
        Check("heartbeat", "a heartbeat that looks like an alarm", _beats),
    ),
    "milesight": (Check("reports", "two reports of an interval, that agree", _reports),),
}
"""By dialect."""
