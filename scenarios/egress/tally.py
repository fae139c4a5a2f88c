"""Many runs of one floor put together: portals, spaces, bottlenecks, stranded people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evacuation import Floor
from evacuation.exposure import CROWDED_PER_M2, LEVELS, THRESHOLDS_PER_M2, level, queue_level
from evacuation.smoke.dose import DESIGN, HALF, VULNERABLE
from scenarios.crushrisk import risk_document, space_document, worst_of
from scenarios.egress.course import Course
from scenarios.egress.outcome import Outcome
from scenarios.egress.statistics import figure, of_runs, spread

Floats = NDArray[np.float64]
ROUNDING = 1e-3
"""Who falls has taken in his limit but for the rounding of a millisecond."""


class Tally:
    """Collects outcomes one by one, so that only sums are kept of what is long."""

    def __init__(self, floor: Floor, series: bool) -> None:
        self._floor, self._series = floor, series
        self._outcomes: list[dict[str, Any]] = []
        self._stuck: Counter[tuple[str, str, str]] = Counter()
        self._sheltered: Counter[tuple[str, str]] = Counter()
        self._courses = {name: Course() for name in ("cumulative", "persons", "queue")}

    def add(self, run: Outcome) -> None:
        """Take in one run."""
        self._stuck.update(run.stranded)
        self._sheltered.update(run.sheltered)
        for name, course in self._courses.items():
            if self._series:
                course.add(getattr(run, name))
        self._outcomes.append(
            {
                "seed": run.seed,
                "exit": run.exit_s,
                "stranded": len(run.stranded),
                "refuge": len(run.sheltered),
                "safe": run.already_safe,
                "count": run.cumulative[:, -1].astype(np.float64),
                "first": run.first_s,
                "last": run.last_s,
                "flow": run.peak_flow_per_s,
                "delay": run.delay_person_s,
                "queue_at": run.queue_at.max(axis=1),
                "persons": run.persons.max(axis=1),
                "queue": run.queue.max(axis=1),
                "by": run.exit_by,
                "dose": run.dose,
                "levels": run.crowding.level_person_s,
                "queue_levels": run.crowding.queue_level_person_s,
                "waiting": run.crowding.queue_peak_per_m2,
                "dense": run.crowding.density_time_s_m2,
                "above": run.crowding.person_s_above,
                "crush": run.crush,
                "peaks": run.peaks,
            }
        )

    def _all(self, name: str) -> Floats:
        return np.array([outcome[name] for outcome in self._outcomes], np.float64)

    def people(self) -> dict[str, Any]:
        """Return who was there, who is out when, who is stranded and why."""
        times = self._all("exit")
        totals = times.max(axis=1)
        return {
            "people": times.shape[1],
            "already_safe": int(self._all("safe")[0]),
            "incomplete_runs": int(np.isinf(totals).sum()),
            "stranded": [
                {"person": who, "where": where, "reason": why, "runs": runs}
                for (who, where, why), runs in sorted(self._stuck.items())
            ],
            "refuge": [
                {"person": who, "where": where, "runs": runs}
                for (who, where), runs in sorted(self._sheltered.items())
            ],
            "exit_time_s": of_runs(times, "exit"),
            "total_time_s": of_runs(totals[:, None], "total"),
        }

    def doses(self) -> dict[str, float]:
        """Return how many persons, mean over runs, took in each dose of design or more."""
        doses = self._all("dose") + ROUNDING
        counts = {x: (doses >= x).sum(axis=1).mean() for x in (VULNERABLE, DESIGN, HALF)}
        return {f"{x:g}": round(float(count), 2) for x, count in counts.items()}

    def crush(self) -> dict[str, Any]:
        """Return what falls and crush there were over the runs, without counts of victims."""
        return risk_document([outcome["crush"] for outcome in self._outcomes])

    def runs(self, summary: bool) -> list[dict[str, Any]]:
        """Return one entry per run; exit times in the order of `person_ids`, null if not out."""
        entries = []
        for outcome in self._outcomes:
            times = outcome["exit"]
            entry = {
                "seed": outcome["seed"],
                "total_time_s": figure(times.max()),
                "out": int(np.isfinite(times).sum()) - outcome["refuge"],
                "refuge": outcome["refuge"],
                "stranded": outcome["stranded"],
            }
            if summary:
                entry["exit_time_s"] = spread(times)
            else:
                entry["exit_times_s"] = [figure(t) for t in times.tolist()]
            entries.append(entry)
        return entries

    def portals(self, series: bool) -> dict[str, Any]:
        """Return each portal that leads anywhere inside: mean count, outermost times and peaks."""
        first, last = self._all("first"), self._all("last")
        counts, flows, queues = self._all("count"), self._all("flow"), self._all("queue_at")
        found: dict[str, Any] = {}
        for k, portal in enumerate(self._floor.portals.values()):
            if all(self._floor.spaces[end].safe for end in portal.between):
                continue
            used = bool(np.isfinite(first[:, k]).any())
            found[portal.id] = {
                "count": figure(counts[:, k].mean()),
                "first_s": figure(np.nanmin(first[:, k])) if used else None,
                "last_s": figure(np.nanmax(last[:, k])) if used else None,
                "peak_flow_per_s": figure(flows[:, k].max()),
                "peak_queue": int(queues[:, k].max()),
                "leads_out": portal.id in self._floor.exits,
            }
        if series:
            self._portal_series(found)
        return found

    def _portal_series(self, found: dict[str, Any]) -> None:
        cumulative = self._courses["cumulative"].mean()
        flow = np.diff(cumulative, axis=1, prepend=0.0)
        for k, portal in enumerate(self._floor.portals):
            if portal in found and cumulative[k, -1]:
                found[portal] |= {
                    "cumulative": cumulative[k].round(3).tolist(),
                    "flow_per_s": flow[k].round(3).tolist(),
                }

    def spaces(self, series: bool) -> dict[str, Any]:
        """Return peaks over runs, level of service and exposure (means) of each space inside."""
        persons, queues = self._all("persons").max(axis=0), self._all("queue").max(axis=0)
        dense, above = self._all("dense").mean(axis=0), self._all("above").mean(axis=0)
        by_level = self._all("levels").mean(axis=0)
        by_queue, waiting = self._all("queue_levels").mean(axis=0), self._all("waiting").max(axis=0)
        found: dict[str, Any] = {}
        for k, space in enumerate(self._floor.spaces.values()):
            if space.safe:
                continue
            peak = float(persons[k] / space.walking_area_m2)
            worst = worst_of([outcome["peaks"][k] for outcome in self._outcomes])
            found[space.id] = {
                **space_document(worst),
                "averaging_area_m2": figure(space.walking_area_m2),
                "peak_density_per_m2": figure(peak),
                "peak_queue": int(queues[k]),
                "level_of_service": level(peak, space.is_stair),
                "queue_level_of_service": queue_level(float(waiting[k])) if waiting[k] else None,
                "level_person_s": _named(LEVELS, by_level[k]),
                "queue_level_person_s": _named(LEVELS, by_queue[k]),
                "density_time_s_per_m2": figure(dense[k]),
                "person_s_above_per_m2": _named([f"{x:g}" for x in THRESHOLDS_PER_M2], above[k]),
            }
        if series:
            self._space_series(found)
        return found

    def _space_series(self, found: dict[str, Any]) -> None:
        persons, queue = self._courses["persons"].mean(), self._courses["queue"].mean()
        for k, space in enumerate(self._floor.spaces.values()):
            if space.id in found and persons[k].any():
                found[space.id] |= {
                    "density_per_m2": (persons[k] / space.walking_area_m2).round(4).tolist(),
                    "queue": queue[k].round(3).tolist(),
                }

    def bottlenecks(self) -> list[dict[str, Any]]:
        """Return portals by person-seconds of queueing per run, the worst first."""
        delay = self._all("delay")
        mean, total = delay.mean(axis=0), float(delay.mean(axis=0).sum())
        portals = list(self._floor.portals)
        worst = [k for k in np.argsort(-mean, kind="stable").tolist() if mean[k] > 0]
        return [
            {
                "portal": portals[k],
                "delay_person_s": figure(mean[k], 1),
                "share": figure(mean[k] / total),
                "worst_run_person_s": figure(delay[:, k].max(), 1),
            }
            for k in worst
        ]

    def curve(self) -> dict[str, Any]:
        """Return when shares of the people are out, each as a spread over runs."""
        rising = np.sort(self._all("exit"), axis=1)
        size = rising.shape[1]
        cells = {f"{p} %": max(0, -(-size * p // 100) - 1) for p in (5, 25, 50, 75, 95, 100)}
        return {name: spread(rising[:, cell]) for name, cell in cells.items()}

    def totals(self) -> dict[str, Any]:
        """Return the exposure of the whole floor, means per run."""
        above = self._all("above").mean(axis=0).sum(axis=0)
        return {
            "over_per_m2": CROWDED_PER_M2,
            "density_time_s_per_m2": figure(self._all("dense").mean(axis=0).sum()),
            "person_s_above_per_m2": _named([f"{x:g}" for x in THRESHOLDS_PER_M2], above),
            "level_person_s": self._level_sum("levels"),
            "queue_level_person_s": self._level_sum("queue_levels"),
        }

    def _level_sum(self, name: str) -> dict[str, float | None]:
        return _named(LEVELS, self._all(name).mean(axis=0).sum(axis=0))

    def means(self) -> Mapping[str, Floats]:
        """Return the series: `cumulative` [P, K], `persons` and `queue` [S, K], means over runs."""
        return {name: course.mean() for name, course in self._courses.items()}

    def exits(self) -> Iterator[tuple[int, Floats, Floats]]:
        """Yield for each run its seed, exit times [N] and numbers of the exits [N]."""
        for outcome in self._outcomes:
            yield outcome["seed"], outcome["exit"], outcome["by"]


def _named(names: Any, values: Floats) -> dict[str, float | None]:
    return {name: figure(value, 1) for name, value in zip(names, values.tolist(), strict=True)}
