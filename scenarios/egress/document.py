"""`twin egress`: how a building empties, people and walls only, over many seeds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evacuation import BOUNDING, LABORATORY, Laws, warm
from evacuation.convergence import Convergence, Thresholds
from evacuation.laws import laws_named
from evacuation.smoke.dose import dose_law
from evacuation.smoke.visibility import smoke_law
from scenarios.egress.opinion import chosen, second_opinion
from scenarios.egress.outcome import FLOW_WINDOW_S
from scenarios.egress.place import Place
from scenarios.egress.run import members
from scenarios.egress.runner import Runner, workers
from scenarios.egress.statistics import figure
from scenarios.egress.tables import FORMATS, Tables
from scenarios.egress.tally import Tally

PRESETS = (BOUNDING.name, LABORATORY.name)
"""Design capacity and what laboratories measured: a bracket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for.

    `floor` is a floor.yaml, a site's folder or its name; `people` defaults to the people.yaml
    beside it; `period` to the first of its timetable. `laws` are names of movement laws; the first
    is the document, the others stand under `other_laws`. `closed` are portals nobody can pass and
    nobody knows of. `smoke` is a table or FDS output, met under the laws that `smoke_law` and
    `dose_law` name. `until_converged` stops each law's runs when they have converged under
    `thresholds`; `second_opinion` names models of JuPedSim that are asked as well, for the first
    seed, without smoke; `summary` leaves out series and times per person; with `out` they go
    to files in that folder, in the format `table`, and no series stand in the document.
    """

    floor: Path
    people: Path | None = None
    seeds: Sequence[int] = (1,)
    period: str | None = None
    laws: Sequence[str] = PRESETS
    closed: Sequence[str] = ()
    smoke: Path | None = None
    smoke_law: str = BOUNDING.smoke
    dose_law: str = BOUNDING.dose
    jobs: int = 0
    summary: bool = False
    out: Path | None = None
    table: str = FORMATS[0]
    until_converged: bool = False
    second_opinion: str = ""
    thresholds: Thresholds = field(default_factory=Thresholds)


def egress(order: Order) -> dict[str, Any]:
    """Let everybody on a floor hear one cue at 0 and walk out, once per seed; return the document.

    BadFile or ValueError for bad input, before any run.
    """
    smoke, dose = smoke_law(order.smoke_law).name, dose_law(order.dose_law).name
    laws = [replace(one, smoke=smoke, dose=dose) for one in _chosen(order.laws)]
    if not order.seeds:
        raise ValueError("--seeds: at least one seed is needed")
    if order.second_opinion and order.smoke:
        raise ValueError("--second-opinion knows no smoke: leave out either it or --smoke")
    models = chosen(order.second_opinion)
    jam_per_m2 = min(law.jam_per_m2 for law in laws)
    place = Place.load(
        order.floor, order.people, order.period, order.closed, jam_per_m2, order.smoke
    )
    tables = Tables(order.out, order.table) if order.out else None
    count = workers(order.jobs, len(order.seeds) * len(laws))
    warm(_progress)
    with Runner(place, count) as runner:
        documents = [_document(runner, law, order, tables) for law in laws]
    first = {**_head(place), **documents[0]} | ({"files": tables.write()} if tables else {})
    if models:
        first["second_opinion"] = second_opinion(place, models, laws, order.seeds[0])
    return first | ({"other_laws": {d["laws"]: d for d in documents[1:]}} if laws[1:] else {})


def _chosen(names: Sequence[str]) -> list[Laws]:
    """Return the laws asked for, in that order, each once."""
    found = []
    for name in dict.fromkeys(part for text in names for part in text.split(",")):
        try:
            found.append(laws_named(name))
        except ValueError as error:
            raise ValueError(f"--laws: {error}") from None
    return found


def _head(place: Place) -> dict[str, Any]:
    return {
        "floor": place.floor.name,
        "period": place.period,
        "closed": list(place.closed),
        "released": list(place.released),
        "warnings": [*place.warnings, *(place.smoke.notes if place.smoke else ())],
        "smoke": place.smoke.source if place.smoke else "",
        "step_s": 1,
        "flow_window_s": FLOW_WINDOW_S,
        "person_ids": _ids(place),
    }


def _ids(place: Place) -> list[str]:
    return [person.id for person in members(place, 0)[0]]


def _document(runner: Runner, laws: Laws, order: Order, tables: Tables | None) -> dict[str, Any]:
    """Run the seeds under one set of laws, and put them together."""
    floor = runner.place.floor
    tally = Tally(floor, series=tables is not None or not order.summary)
    convergence = Convergence(order.thresholds)
    done = 0
    for outcome in runner.outcomes(laws, order.seeds):
        tally.add(outcome)
        convergence.add(outcome.exit_s)
        done += 1
        _progress(f"{laws.name}: {done} of {len(order.seeds)} seeds")
        if order.until_converged and convergence.converged:
            break
    if tables is not None:
        tables.add(laws.name, floor, _ids(runner.place), tally)
    series = tables is None and not order.summary
    return {
        "laws": laws.name,
        "seeds": done,
        **tally.people(),
        "curve_s": tally.curve(),
        "convergence": _convergence(convergence, order.until_converged, done),
        "exposure": tally.totals(),
        "persons_by_dose": tally.doses(),
        "crush": tally.crush(),
        "bottlenecks": tally.bottlenecks(),
        "portals": tally.portals(series),
        "spaces": tally.spaces(series),
        "runs": tally.runs(order.summary),
    }


def _convergence(found: Convergence, stop: bool, runs: int) -> dict[str, Any]:
    """Return the measures of the last run, whether they hold, and after how many runs."""
    last = found.changes[-1] if found.changes and not found.incomplete else None
    names = (("tet", "TETconv"), ("sd", "SDconv"), ("erd", "ERDconv"), ("epc", "EPCconv"))
    compared = dict.fromkeys(("ERD", "EPC", "SC"))
    if found.compared and not found.incomplete:
        compared = dict(zip(compared, (figure(x, 6) for x in found.compared), strict=True))
    return {
        **{name: figure(getattr(last, key), 6) if last else None for key, name in names},
        "SCconv": figure(last.sc, 6) if last else None,
        **compared,
        "converged": found.converged,
        "stopped_early": stop and found.converged,
        "runs": runs,
        "thresholds": found.thresholds(),
        "note": "an incomplete run has no end, so nothing converges" if found.incomplete else "",
    }


def _progress(text: str) -> None:
    """Show a line on a terminal; silent in a pipe."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
