"""The search for rhythms: added time against peak density, by a seeded multi-objective study.

The sampler is the tree-structured Parzen estimator of optuna (Bergstra et al. 2011; for several
objectives Ozaki et al. 2020), asked and told in batches of one size: how many processes rehearse
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from scenarios.stagger.bench import Bench, Trials
from scenarios.stagger.rehearsal import Schedule
from scenarios.stagger.rooms import Room
from scenarios.stagger.schedule import ROUND_S, Rhythm, scheduled, storeys

BATCH = 4
NEEDED = "twin stagger needs optuna: pip install 'campus-twin[plan]'"


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule with what it gave on the seeds of the search."""

    schedule: Schedule
    trials: Trials

    @property
    def end_s(self) -> float:
        """Mean time until all are out."""
        return float(self.trials.end_s.mean())

    @property
    def peak(self) -> float:
        """The worst peak of these seeds."""
        return float(self.trials.peak.max())


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far the search goes, s: where a floor may begin, and how long its gaps may be."""

    begin_s: int
    gap_s: int


def search(
    bench: Bench,
    rooms: Sequence[Room],
    bounds: Bounds,
    first: Sequence[Mapping[str, Rhythm]],
    budget: tuple[int, int, Sequence[int]],
    progress: Callable[[int], None],
) -> list[Found]:
    """Try schedules, beginning with the rhythms of `first`; `budget`: trials, seed, search seeds.

    RuntimeError with one sentence where optuna is not installed.
    """
    trials, seed, seeds = budget
    study = _study(_optuna(), seed)
    floors = storeys(rooms)
    for rhythms in first:
        study.enqueue_trial(_written(rhythms))
    found: list[Found] = []
    while len(found) < trials:
        asked = [study.ask() for _ in range(min(BATCH, trials - len(found)))]
        schedules = [scheduled(rooms, _rhythms(one, floors, bounds)) for one in asked]
        gave = bench.all(schedules, seeds)
        for trial, schedule, result in zip(asked, schedules, gave, strict=True):
            one = Found(schedule, result)
            study.tell(trial, [one.end_s, one.peak] if np.isfinite(one.end_s) else [1e9, 1e9])
            found.append(one)
        progress(len(asked))
    return found


def front(found: Sequence[Found]) -> list[Found]:
    """Those that no other beats in both time and peak, the quickest first, each schedule once."""
    best: list[Found] = []
    for one in sorted(found, key=lambda one: (one.end_s, one.peak, sorted(one.schedule.items()))):
        if np.isfinite(one.end_s) and (not best or one.peak < best[-1].peak):
            best.append(one)
    return best


def _optuna() -> ModuleType:
    try:
        import optuna
    except ImportError:
        raise ValueError(NEEDED) from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    module: ModuleType = optuna
    return module


def _study(optuna: ModuleType, seed: int) -> Any:
    sampler = optuna.samplers.TPESampler(seed=seed)
    return optuna.create_study(sampler=sampler, directions=["minimize", "minimize"])


def _rhythms(trial: Any, floors: Sequence[str], bounds: Bounds) -> dict[str, Rhythm]:
    return {
        floor: Rhythm(
            trial.suggest_int(f"{floor} begins", 0, bounds.begin_s, step=ROUND_S),
            trial.suggest_int(f"{floor} gap", 0, bounds.gap_s, step=ROUND_S),
        )
        for floor in floors
    }


def _written(rhythms: Mapping[str, Rhythm]) -> dict[str, int]:
    named = {f"{floor} begins": one.begins_s for floor, one in rhythms.items()}
    return named | {f"{floor} gap": one.gap_s for floor, one in rhythms.items()}
