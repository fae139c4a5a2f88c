"""Numbers from a run's records: egress, exits, stairs, storeys, queues. Rows, no formatting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.dossier import Dossier
from reports.journeys import Journeys
from reports.people import departures, losses

WINDOW_MS = 10_000  # peak flows are means over this window


@dataclass(frozen=True, slots=True)
class Egress:
    """Instants (ms, sorted) at which people noticed, took the first step and were out."""

    noticed_ms: tuple[int, ...]
    started_ms: tuple[int, ...]
    out_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExitRow:
    """One exit: people through it, first and last (ms), highest flow over `WINDOW_MS`."""

    portal: str
    width_m: float
    out_ms: tuple[int, ...]
    peak_per_s: float

    @property
    def people(self) -> int:
        """How many left here."""
        return len(self.out_ms)

    @property
    def peak_per_s_m(self) -> float:
        """Highest flow per metre of clear width; 0 for an exit without a width."""
        return self.peak_per_s / self.width_m if self.width_m > 0 else 0.0


@dataclass(frozen=True, slots=True)
class StoreyRow:
    """One storey: people who began there and when the last of all left it (None: never)."""

    storey: str
    name: str
    people: int
    clear_ms: int | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One space where people stood and waited their turn."""

    space: str
    people: int
    person_s: float
    longest_s: float


def egress(dossier: Dossier) -> Egress:
    """The three curves of the egress figure, of everybody who got out."""
    people = departures(dossier)
    return Egress(
        noticed_ms=tuple(sorted(p.noticed_ms for p in people if p.noticed_ms is not None)),
        started_ms=tuple(sorted(p.start_ms for p in people if p.start_ms is not None)),
        out_ms=tuple(sorted(p.out_ms for p in people)),
    )


def exits(dossier: Dossier) -> list[ExitRow]:
    """Every exit of the building and every portal used as one, the busiest first."""
    times: dict[str, list[int]] = {portal.id: [] for portal in dossier.building.exits}
    for person in departures(dossier):
        times.setdefault(person.portal, []).append(person.out_ms)
    widths = {portal.id: portal.width_m for portal in dossier.building.portals.values()}
    rows = [
        ExitRow(portal, widths.get(portal, 0.0), tuple(sorted(out)), peak_flow(out))
        for portal, out in times.items()
    ]
    return sorted(rows, key=lambda row: (-row.people, row.portal))


def peak_flow(times_ms: Sequence[int], window_ms: int = WINDOW_MS) -> float:
    """Most people in any half-open window, per second."""
    at = np.sort(np.asarray(times_ms, dtype=np.int64))
    if not len(at):
        return 0.0
    until = np.searchsorted(at, at + window_ms, side="left")
    return float((until - np.arange(len(at))).max()) * 1000 / window_ms


def stairs(dossier: Dossier) -> dict[str, int]:
    """Stair name -> different people who moved or queued on it."""
    journeys = dossier.journeys
    moving = journeys.in_state("walk") | journeys.in_state("queue")
    return {
        name: len(np.unique(journeys.person[_in_spaces(journeys, spaces) & moving]))
        for name, spaces in dossier.building.stairs().items()
    }


def storeys(dossier: Dossier) -> list[StoreyRow]:
    """Storeys by height that anybody was on; stairs count to none of them."""
    journeys, building = dossier.journeys, dossier.building
    held = {loss.space for loss in losses(dossier)}
    rows = []
    for storey in sorted(building.storeys, key=lambda s: (s.z_m, s.id)):
        spaces = building.level_spaces(storey.id)
        here = _in_spaces(journeys, spaces)
        if here.any():
            began = len(np.unique(journeys.person[here & (journeys.t_in_ms == 0)]))
            clear = None if held & set(spaces) else int(journeys.t_out_ms[here].max())
            rows.append(StoreyRow(storey.id, storey.name, began, clear))
    return rows


def home_storeys(dossier: Dossier) -> dict[str, str]:
    """Person -> storey of the space where they were at time 0."""
    journeys, spaces = dossier.journeys, dossier.building.spaces
    first = np.flatnonzero(journeys.t_in_ms == 0)
    homes = (
        (journeys.people[journeys.person[i]], journeys.spaces[journeys.space[i]]) for i in first
    )
    return {person: spaces[space].storey for person, space in homes if space in spaces}


def queues(dossier: Dossier) -> list[QueueRow]:
    """Spaces where people queued, by person-seconds, the worst first."""
    journeys = dossier.journeys
    waiting = journeys.in_state("queue")
    rows = []
    for code in np.unique(journeys.space[waiting]):
        here = waiting & (journeys.space == code)
        per_person = np.bincount(
            journeys.person[here], weights=(journeys.t_out_ms - journeys.t_in_ms)[here]
        )
        name = journeys.spaces[int(code)]
        people = len(np.unique(journeys.person[here]))
        total, longest = float(per_person.sum()) / 1000, float(per_person.max()) / 1000
        rows.append(QueueRow(name, people, total, longest))
    return sorted(rows, key=lambda row: (-row.person_s, row.space))


def reasons(dossier: Dossier) -> Counter[str]:
    """What warned people first -> how many: a kind of device, `smoke`, `told` or `nothing`."""
    everybody = set(dossier.journeys.people)
    kinds = Counter[str]()
    for person in departures(dossier):
        if person.cue in dossier.devices:
            kinds[dossier.kind_of(person.cue)] += 1
        else:
            told = "told" if person.cue in everybody else "smoke"
            kinds[told if person.cue else "nothing"] += 1
    return kinds


def _in_spaces(journeys: Journeys, spaces: Sequence[str]) -> np.typing.NDArray[np.bool_]:
    wanted = set(spaces)
    codes = [code for code, name in enumerate(journeys.spaces) if name in wanted]
    return np.isin(journeys.space, codes)
