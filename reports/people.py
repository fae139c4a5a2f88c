"""What became of each person: when the trouble began, who got out when, and who did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.dossier import Dossier
from reports.journals import Record


@dataclass(frozen=True, slots=True)
class Start:
    """The moment all seconds are counted from, and what it was in plain words."""

    t_ms: int
    say: str


@dataclass(frozen=True, slots=True)
class Departure:
    """One person who reached a safe place, as the twin recorded it; None where it did not."""

    person: str
    out_ms: int
    portal: str
    cue: str
    cause: str
    noticed_ms: int | None
    start_ms: int | None
    walk_ms: int | None
    queue_ms: int | None


@dataclass(frozen=True, slots=True)
class Loss:
    """One person who did not get out: where they were last and why they stayed."""

    person: str
    space: str
    reason: str
    t_ms: int


def start(dossier: Dossier) -> Start:
    """The first ignition, else smoke, else press of a call point, else fault, else time 0.

    Nothing that comes after the first person is out is what people left for.
    """
    out = dossier.of("person", "out")
    first_out_ms = out[0]["t"] if out else None
    candidates = (
        (dossier.of("hazard", "ignition"), "ignition in {}"),
        (dossier.of("hazard", "smoke", "aerosol"), "first smoke in {}"),
        (dossier.of("press"), "press of call point {}"),
        (dossier.of("fault", "begin"), "fault of {}"),
    )
    for records, say in candidates:
        if records and (first_out_ms is None or records[0]["t"] <= first_out_ms):
            first = records[0]
            return Start(int(first["t"]), say.format(dossier.building.name_of(first["e"])))
    return Start(0, "start of the run")


def departures(dossier: Dossier) -> list[Departure]:
    """Everybody who got out, in the order of leaving."""
    return [_departure(record) for record in dossier.of("person", "out")]


def losses(dossier: Dossier) -> list[Loss]:
    """Everybody who did not get out; people the journal ends too early for are named as such."""
    return [*_recorded_losses(dossier), *_unaccounted(dossier)]


@dataclass(frozen=True, slots=True)
class LossRow:
    """People who did not get out for one reason in one space; `people`: group -> members."""

    space: str
    reason: str
    people: dict[str, list[str]]

    @property
    def count(self) -> int:
        """How many they are."""
        return sum(len(members) for members in self.people.values())


def loss_rows(everybody: Iterable[Loss]) -> list[LossRow]:
    """Losses by space and reason, the largest first; every person is named in one row."""
    rows: dict[tuple[str, str], LossRow] = {}
    for loss in everybody:
        key = loss.space, loss.reason
        row = rows.setdefault(key, LossRow(loss.space, loss.reason, {}))
        group, _, member = loss.person.rpartition(".")
        row.people.setdefault(group, []).append(member)
    return sorted(rows.values(), key=lambda row: (-row.count, row.space, row.reason))


def headcount(dossier: Dossier) -> int:
    """People in the run: as the twin counted them at the start, else those that are named."""
    for source in (dossier.metrics, *dossier.of("run", "start")):
        if isinstance(source.get("people"), int):
            return int(source["people"])
    return len({r["e"] for r in dossier.of("person")} | set(dossier.journeys.people))


def _departure(record: Record) -> Departure:
    return Departure(
        person=str(record["e"]),
        out_ms=int(record["t"]),
        portal=str(record.get("portal", "")),
        cue=str(record.get("cue", "")),
        cause=str(record.get("cause") or ""),
        noticed_ms=record.get("noticed_ms"),
        start_ms=record.get("start_ms"),
        walk_ms=record.get("walk_ms"),
        queue_ms=record.get("queue_ms"),
    )


def _recorded_losses(dossier: Dossier) -> Iterator[Loss]:
    last: dict[str, Loss] = {}
    for record in dossier.of("person", "stranded", "incapacitated"):
        reason = str(record.get("reason") or record["what"])
        last[record["e"]] = Loss(record["e"], str(record.get("space", "")), reason, record["t"])
    out = {record["e"] for record in dossier.of("person", "out")}
    return (loss for person, loss in sorted(last.items()) if person not in out)


def _unaccounted(dossier: Dossier) -> Iterator[Loss]:
    ended = {r["e"] for r in dossier.of("person", "out", "stranded", "refuge", "incapacitated")}
    journeys = dossier.journeys
    open_people = sorted(set(journeys.people) - ended)
    for person in open_people:
        rows = journeys.person == journeys.people.index(person)
        space = journeys.spaces[int(journeys.space[rows][-1])]
        if dossier.building.is_inside(space):
            reason = "the journal ends before this person's way does"
            yield Loss(person, space, reason, dossier.end_ms)
