"""States over time from the journals: what each door, device and space showed when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from reports.web_models import Event, Mood
from reports.web_words import Words, group_of

Record = Mapping[str, Any]
_SENSED: Mapping[str, Mood] = {
    "normal": "rest", "prealarm": "active", "alarm": "alarm", "trouble": "fault",
}  # fmt: skip
_RESTING = {"", "off", "0", "False", "rest", "locked", "held", "blocked", "up", "closed"}
_SHOWN_PORTAL = {"open": "open", "unlocked": "open", "locked": "locked"}


@dataclass(frozen=True, slots=True)
class Leaver:
    """By which portal somebody left and when they stood at assembly (ms, 0 if unknown)."""

    portal: str
    assembled_ms: int


class DeviceState:
    """What a device shows: a fault hides a lost link, which hides what it last did."""

    __slots__ = ("fault", "lost", "mood", "words")

    def __init__(self) -> None:
        self.words: str = "at rest"
        self.mood: Mood = "rest"
        self.fault = ""
        self.lost = False

    def shown(self) -> tuple[str, Mood]:
        """The words and the mood to draw."""
        if self.fault:
            return f"fault: {self.fault}", "fault"
        if self.lost:
            return "link down", "lost"
        return self.words, self.mood


class Timeline:
    """Grows with the records; every fact carries the number of the record that made it."""

    def __init__(self, words: Words) -> None:
        self.seq = 0
        self.until_ms = 0
        self.leavers: dict[str, Leaver] = {}
        self.events: list[Event] = []
        self._words = words
        self._states: dict[str, DeviceState] = {}
        self._facts: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in ("portals", "devices", "smoke", "fires", "counts", "crowd", "outs")
        }

    def add(self, twin: Iterable[Record], controller: Iterable[Record]) -> None:
        """Take in new records of both journals, merged by time, phase, source and number."""
        merged = [(r["t"], r.get("p", 0), 0, r.get("n", 0), r) for r in twin]
        merged += [(r["t"], r.get("p", 0), 1, r.get("n", 0), r) for r in controller]
        for _, _, source, _, record in sorted(merged, key=itemgetter(0, 1, 2, 3)):
            self._take(record, source)

    def since(self, seq: int) -> dict[str, Any]:
        """Every fact that came after record number `seq`, as the fields of `Changes`."""
        new = {name: _after(facts, seq) for name, facts in self._facts.items()}
        start = bisect_right(self.events, seq, key=lambda event: event.seq)
        return {
            **{name: _tracks(new[name]) for name in ("portals", "devices", "smoke", "counts")},
            **{name: [fact[1:] for fact in new[name]] for name in ("fires", "crowd", "outs")},
            "events": tuple(self.events[start:]),
        }

    def _take(self, record: Record, source: int) -> None:
        self.seq += 1
        self.until_ms = max(self.until_ms, record["t"])
        taker = _TAKERS.get(record["k"])
        if taker is not None:
            taker(self, record)
        if record["k"] != "sample":
            self._event(record, source)

    def _event(self, record: Record, source: int) -> None:
        event = Event.model_construct(
            seq=self.seq,
            t_ms=record["t"],
            source="controller" if source else "twin",
            kind=record["k"],
            group=group_of(record),
            entity=record["e"],
            text=self._words.say(record),
        )
        self.events.append(event)

    def note(self, track: str, *fact: Any) -> None:
        """Append a fact to a track under the number of the current record."""
        self._facts[track].append((self.seq, *fact))

    def device(self, entity: str) -> DeviceState:
        """The state of a device; a point counts for its device."""
        return self._states.setdefault(entity.partition(".")[0], DeviceState())

    def show(self, record: Record, entity: str) -> None:
        """Append what the device shows now."""
        device = entity.partition(".")[0]
        self.note("devices", device, record["t"], *self.device(device).shown())


def _after(facts: list[tuple[Any, ...]], seq: int) -> list[tuple[Any, ...]]:
    return facts[bisect_right(facts, seq, key=itemgetter(0)) :]


def _tracks(facts: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    tracks: dict[str, list[tuple[Any, ...]]] = {}
    for _, entity, *fact in facts:
        tracks.setdefault(entity, []).append(tuple(fact))
    return tracks


def _hazard(timeline: Timeline, record: Record) -> None:
    if record.get("what") == "ignition":
        timeline.note("fires", record["t"], record["e"])
        return
    value = 0.0 if record.get("what") == "clear" else float(record.get("value") or 0.0)
    timeline.note("smoke", record["e"], record["t"], round(value, 4))


def _sense(timeline: Timeline, record: Record) -> None:
    state, what = timeline.device(record["e"]), str(record.get("what", ""))
    state.words, state.mood = what, _SENSED.get(what, "active")
    timeline.show(record, record["e"])


def _press(timeline: Timeline, record: Record) -> None:
    state = timeline.device(record["e"])
    state.words, state.mood = "pressed", "alarm"
    timeline.show(record, record["e"])


def _actuate(timeline: Timeline, record: Record) -> None:
    state, shown = timeline.device(record["e"]), str(record.get("state", ""))
    state.words = shown or "silent"
    state.mood = "rest" if shown in _RESTING else "active"
    timeline.show(record, record["e"])


def _fault(timeline: Timeline, record: Record) -> None:
    state = timeline.device(record["e"])
    state.fault = str(record.get("fault", "fault")) if record.get("what") == "begin" else ""
    timeline.show(record, record["e"])


def _link(timeline: Timeline, record: Record) -> None:
    timeline.device(record["e"]).lost = record.get("what") != "up"
    timeline.show(record, record["e"])


def _portal(timeline: Timeline, record: Record) -> None:
    what = str(record.get("what", ""))
    timeline.note("portals", record["e"], record["t"], _SHOWN_PORTAL.get(what, what))


def _person(timeline: Timeline, record: Record) -> None:
    if record.get("what") == "out":
        portal = str(record.get("portal", ""))
        assembled = record.get("assembled_ms")
        known = assembled if isinstance(assembled, int) else 0
        timeline.leavers[record["e"]] = Leaver(portal, known)
        timeline.note("outs", record["t"], portal)


def _sample(timeline: Timeline, record: Record) -> None:
    if record["e"] != "crowd":
        timeline.note("counts", record["e"], record["t"], int(record.get("n", 0)))
        return
    fields = ("inside", "waiting", "walking", "queued", "out")
    timeline.note("crowd", record["t"], *(int(record.get(name, 0)) for name in fields))


_TAKERS = {
    "hazard": _hazard, "sense": _sense, "press": _press, "actuate": _actuate, "fault": _fault,
    "link": _link, "portal": _portal, "person": _person, "sample": _sample,
}  # fmt: skip
