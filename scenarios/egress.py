"""`twin egress`: how a building empties, people and walls only, over many seeds."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from controller.interface.files import nearest
from evacuation import warm
from evacuation.convergence import Convergence, Thresholds
from scenarios.egress_place import Place
from scenarios.egress_run import FLOW_WINDOW_S, PRESETS, Outcome, evacuate, members
from scenarios.egress_statistics import figure
from scenarios.egress_tally import Tally
from scenarios.egress_text import egress_text

__all__ = ["egress", "egress_text"]
BOTH = "both"
WORTH_A_POOL = 12
"""Runs below this take less time than starting processes."""


def egress(
    floor: Path,
    people: Path | None = None,
    seeds: Sequence[int] = (1,),
    *,
    period: str | None = None,
    preset: str = "bounding",
    closed: Sequence[str] = (),
    jobs: int = 0,
    summary: bool = False,
    until_converged: bool = False,
    thresholds: Thresholds | None = None,
) -> dict[str, Any]:
    """Let everybody on a floor hear one cue at 0 and walk out, once per seed; return the document.

    `floor` is a floor.yaml, a site's folder or its name; `people` defaults to the people.yaml
    beside it; `period` to the first of its timetable. `preset` is one of PRESETS or `both`, then
    the first is the document and the others stand under `other_presets`. `closed` are portals
    nobody can pass and nobody knows of. `until_converged` stops a preset when its runs have
    converged under `thresholds`. BadFile or ValueError for bad input, before any run.
    """
    names = _presets(preset)
    if not seeds:
        raise ValueError("--seeds: at least one seed is needed")
    place = Place.load(floor, people, period, closed)
    warm(_progress)
    limits = thresholds or Thresholds()
    workers = _workers(jobs, len(seeds) * len(names))
    with _Runner(place, workers) as runner:
        documents = [
            _document(runner, name, seeds, summary, limits, until_converged) for name in names
        ]
    first = {**_head(place), **documents[0]}
    return first | ({"other_presets": {d["preset"]: d for d in documents[1:]}} if names[1:] else {})


def _presets(name: str) -> list[str]:
    if name == BOTH:
        return list(PRESETS)
    if name not in PRESETS:
        known = (*PRESETS, BOTH)
        hint = nearest(name, known)
        rest = f"did you mean {hint!r}?" if hint else f"known: {', '.join(known)}"
        raise ValueError(f"--preset {name!r}: no such preset; {rest}")
    return [name]


def _workers(jobs: int, runs: int) -> int:
    if jobs < 0:
        raise ValueError(f"--jobs {jobs}: write 0 for one process per core, or how many")
    automatic = (os.cpu_count() or 1) if runs >= WORTH_A_POOL else 1
    return min(jobs or automatic, runs)


def _head(place: Place) -> dict[str, Any]:
    ids = [person.id for person in members(place, 0)[0]]
    return {
        "floor": place.floor.name,
        "period": place.period,
        "closed": list(place.closed),
        "released": list(place.released),
        "warnings": list(place.warnings),
        "step_s": 1,
        "flow_window_s": FLOW_WINDOW_S,
        "person_ids": ids,
    }


def _document(
    runner: _Runner,
    preset: str,
    seeds: Sequence[int],
    summary: bool,
    limits: Thresholds,
    stop: bool,
) -> dict[str, Any]:
    tally, convergence = Tally(runner.place.floor, not summary), Convergence(limits)
    done = 0
    for outcome in runner.outcomes(preset, seeds):
        tally.add(outcome)
        convergence.add(outcome.exit_s)
        done += 1
        _progress(f"{preset}: {done} of {len(seeds)} seeds")
        if stop and convergence.converged:
            break
    return {
        "preset": preset,
        "seeds": done,
        **tally.people(),
        "curve_s": tally.curve(),
        "convergence": _convergence(convergence, stop, done),
        "exposure": tally.totals(),
        "bottlenecks": tally.bottlenecks(),
        "portals": tally.portals(),
        "spaces": tally.spaces(),
        "runs": tally.runs(summary),
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


class _Runner:
    """Runs seeds in order, here or in processes that each hold the place."""

    def __init__(self, place: Place, workers: int) -> None:
        self.place, self._workers = place, workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Runner:
        if self._workers > 1:
            self._pool = ProcessPoolExecutor(
                self._workers, get_context("spawn"), initializer=_hold, initargs=(self.place,)
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def outcomes(self, preset: str, seeds: Sequence[int]) -> Iterator[Outcome]:
        """Yield outcomes in the order of the seeds; few are under way ahead of the reader."""
        if self._pool is None:
            yield from (evacuate(self.place, preset, seed) for seed in seeds)
            return
        waiting, ahead = iter(seeds), 2 * self._workers
        running: list[Future[Outcome]] = [
            self._pool.submit(_held, preset, seed) for seed in islice(waiting, ahead)
        ]
        while running:
            outcome = running.pop(0).result()
            running += [self._pool.submit(_held, preset, seed) for seed in islice(waiting, 1)]
            yield outcome


_PLACE: list[Place] = []
"""What this process works on; loaded once."""


def _hold(place: Place) -> None:
    _PLACE[:] = [place]


def _held(preset: str, seed: int) -> Outcome:
    return evacuate(_PLACE[0], preset, seed)


def _progress(text: str) -> None:
    """Show a line on a terminal; silent in a pipe."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
