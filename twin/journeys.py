"""What the crowd did, as records and as one table: who was where, why they left, what it cost.

A person's segments join without gaps from 0 to the moment they are out, so the four sums of the
`person ... out` record (unaware, pre-movement, walking, queueing) make up the time exactly; who
waited for others or for help has that in his queueing, and by itself as `wait_ms`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import hypot

import pyarrow as pa

from devices.surroundings import Record
from evacuation import Moves
from evacuation.moves import Fall
from evacuation.smoke.doses import Dose
from twin.people import Roll
from twin.plan import Plan

COLUMNS = ("person", "group", "space", "state", "t_in_ms", "t_out_ms")
STILL_INSIDE = {
    "unaware": "no alarm reached them",
    "premove": "had not set off yet",
    "walk": "was still on the way",
    "queue": "was still queueing",
    "incapacitated": "could go no further",
    "wait": "was still waiting for others",
    "fallen": "fell and did not get up",
}
"""Why somebody is inside at the end of a run, by what they were doing."""
WORTH_A_RECORD = 0.01
"""Smaller doses are not recorded."""
Segment = tuple[str, str, str, int, int]
DoseOf = Callable[[str], Dose]


@dataclass(slots=True)
class Ledger:
    """Where the time of one person went so far, ms, and what made them leave."""

    unaware: int = 0
    premove: int = 0
    walk: int = 0
    queue: int = 0
    wait: int = 0
    refuge: int = 0
    incapacitated: int = 0
    fallen: int = 0
    cue: str = ""
    cue_kind: str = ""
    cause: str = ""
    space: str = ""
    out: bool = False

    def add(self, space: str, state: str, spent_ms: int) -> None:
        """Book a segment; an unknown state is an error."""
        self.space = space
        setattr(self, state, getattr(self, state) + spent_ms)


class Journeys:
    """Takes in what the crowd reports, records it, and keeps it for the table."""

    def __init__(self, plan: Plan, roll: Roll, record: Record) -> None:
        self._plan, self._record = plan, record
        self._people = {person.id: person for person in roll.people}
        self._assembly = roll.assembly
        self._ledgers = {person.id: Ledger() for person in roll.people}
        self._segments: list[Segment] = []
        self._size: dict[str, int] = {}
        for person in roll.people:
            self._size[person.group] = self._size.get(person.group, 0) + 1
        self._left = dict(self._size)
        self._started: set[str] = set()
        self.out = self.sheltered = 0

    def take(self, moves: Moves, dose_of: DoseOf) -> None:
        """Book and record one step of the crowd, in order of time; who breathed smoke, how much."""
        for person, _, source, kind, cause in moves.notices:
            ledger = self._ledgers[person]
            told_by = self._ledgers.get(source)
            ledger.cue, ledger.cue_kind = source, kind
            ledger.cause = told_by.cause if told_by and not cause else cause
        for segment in moves.segments:
            self._book(segment)
        for person, portal, t in moves.turned:
            self._record(t, 1, "person", person, what="turned", portal=portal)
        for person, space, t, harm, dose in moves.incapacitated:
            data = {"space": space, "harm": harm, "dose": round(dose, 3)}
            self._record(t, 1, "person", person, what="incapacitated", **data)
        for person, what, space, t in moves.duties:
            self._record(t, 1, "person", person, what="duty", did=what, space=space)
        for what, zone, person, t, why, people, most_n in moves.crush:
            crush = {"person": person, "why": why, "n": people, "most_n": most_n}
            self._record(t, 1, "crush", zone, what=what, **{k: v for k, v in crush.items() if v})
        for fall in moves.falls:
            self._record(fall.t_ms, 1, "person", fall.person, what=fall.what, **_told(fall))
        for person, portal, t in moves.outs:
            self._leave(person, portal, t, _taken(dose_of(person)))

    def _book(self, segment: Segment) -> None:
        person, space, state, t_in, t_out = segment
        self._segments.append(segment)
        self._ledgers[person].add(space, state, t_out - t_in)
        group = self._people[person].group
        if state in ("walk", "queue") and group not in self._started:
            self._started.add(group)
            self._record(t_in, 1, "group", group, what="start", n=self._size[group])

    def _leave(self, person: str, portal: str, t: int, taken: Mapping[str, object]) -> None:
        ledger, who = self._ledgers[person], self._people[person]
        start = ledger.unaware + ledger.premove
        stood = ledger.queue + ledger.wait + ledger.refuge + ledger.fallen
        if start + ledger.walk + stood != t:
            raise AssertionError(f"{person} left at {t} ms but the ledger holds {ledger}")
        self._record(
            t,
            1,
            "person",
            person,
            what="out",
            portal=portal,
            cue=ledger.cue,
            cause=ledger.cause,
            noticed_ms=ledger.unaware,
            start_ms=start,
            walk_ms=ledger.walk,
            queue_ms=stood,
            assembled_ms=self.assembled(person, portal, t),
            **taken,
            **({"wait_ms": waited} if (waited := ledger.wait + ledger.refuge) else {}),
            **({"fallen_ms": ledger.fallen} if ledger.fallen else {}),
        )
        self.out += 1
        ledger.out = True
        self._left[who.group] -= 1
        if not self._left[who.group]:
            self._record(t, 1, "group", who.group, what="out", n=self._size[who.group])

    def assembled(self, person: str, portal: str, t: int) -> int | None:
        """Time of arrival at the assembly area: straight from the exit at free speed, ms; None
        where the plan places neither.
        """
        who = self._people[person]
        plan, area = self._plan, self._assembly.get(who.group, "")
        here = plan.at[plan.gate[portal]] if portal else None
        there = plan.middle[plan.place[area]] if area else None
        if here is None or there is None:
            return None
        return t + round(1000 * hypot(here[0] - there[0], here[1] - there[1]) / who.speed_m_s)

    def strand(
        self, now: int, inside: Iterable[Segment], reasons: Mapping[str, str], dose_of: DoseOf
    ) -> None:
        """Record those who are still inside at the end: in a refuge, or stranded with the reason
        (theirs, else by state).
        """
        state = {person: (space, doing) for person, space, doing, _, _ in inside}
        for person, ledger in sorted(self._ledgers.items()):
            if ledger.out:
                continue
            space, doing = state.get(person, (ledger.space, "walk"))
            if doing == "refuge":
                self.sheltered += 1
                self._record(now, 5, "person", person, what="refuge", space=space)
                continue
            data = {"space": space, "reason": reasons.get(person) or STILL_INSIDE[doing]}
            data |= {"cue": ledger.cue, "cause": ledger.cause}
            taken = _taken(dose_of(person))
            self._record(now, 5, "person", person, what="stranded", **data, **taken)

    def table(self, unfinished: Iterable[Segment] = ()) -> pa.Table:
        """All segments, with those not yet left: person, group, space, state, t_in_ms, t_out_ms."""
        rows = sorted([*self._segments, *unfinished], key=lambda row: (row[0], row[3], row[4]))
        texts: Mapping[str, list[str]] = {
            "person": [row[0] for row in rows],
            "group": [self._people[row[0]].group for row in rows],
            "space": [row[1] for row in rows],
            "state": [row[2] for row in rows],
        }
        columns = [pa.array(texts[name], pa.string()).dictionary_encode() for name in texts]
        columns += [pa.array([row[k] for row in rows], pa.int64()) for k in (3, 4)]
        return pa.table(dict(zip(COLUMNS, columns, strict=True)))


def _taken(dose: Dose) -> dict[str, object]:
    """The dose that somebody took in, for his record; nothing if it is next to nothing."""
    if dose.greater < WORTH_A_RECORD:
        return {}
    return {"dose": round(dose.greater, 3), "harm": dose.cause}


_VALUES = {"bend": "rises_s", "fall": "adults_per_m2", "up": "dose", "dose": "dose"}


def _told(fall: Fall) -> dict[str, object]:
    """What the record of a fall, of getting up or of a level of dose holds besides who and when."""
    found: dict[str, object] = {"space": fall.space, _VALUES[fall.what]: fall.value}
    return {**found, "cause": fall.cause} if fall.what == "fall" else found
