"""How fast the crowd is, from a floor of classrooms to half a million people."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from controller.interface.clock import wall_ms
from evacuation import BOUNDING, Crowd, Floor, Person
from evacuation.campus import campus
from evacuation.network import build
from evacuation.routing import Routes
from scenarios.benchmarks.duel import duel
from scenarios.benchmarks.measure import Measure, cpu_s, median, tell
from scenarios.benchmarks.ours import Run, go
from scenarios.benchmarks.scenes import classroom_floor, hall
from scenarios.egress.place import Place
from scenarios.egress.run import members

SCHOOL = "primary-school"
TEN_MINUTES_S = 600.0
TURNS = 3
THOUSANDS, HALF_MILLION, HALF_MILLION_S = 10_000, 500_000, 120.0
FIRST_STEP = "from evacuation import warm; warm(str)"
REROUTED = 6_000


def crowd() -> list[dict[str, Any]]:
    """All measures of the crowd."""
    return [measure.row() for measure in _measures()]


def _measures() -> Iterator[Measure]:
    yield from _sizes()
    yield from _school()
    yield _reroute()
    yield _first_step()
    yield duel(classroom_floor())
    yield duel(hall())


def _sizes() -> Iterator[Measure]:
    """Rates at three sizes, and what a person costs in memory."""
    runs = {}
    for people in (1_000, THOUSANDS):
        tell(f"crowd: {people} people for ten minutes")
        floor, folk = campus(people, 1)
        runs[people] = _middle([go(floor, folk, TEN_MINUTES_S) for _ in range(TURNS)])
    yield _rate("10k", runs[THOUSANDS], 40e6)
    yield Measure("crowd.campus_10k_10min_s", runs[THOUSANDS].cpu_s, "s CPU", 0.6)
    yield _memory(floor, folk)
    tell(f"crowd: {HALF_MILLION} people for {HALF_MILLION_S:.0f} s")
    floor, folk = campus(HALF_MILLION, 1)
    most = go(floor, folk, HALF_MILLION_S)
    yield _rate("500k", most, 20e6)
    costs = {people: run.cpu_s / run.agent_steps for people, run in runs.items()}
    costs[HALF_MILLION] = most.cpu_s / most.agent_steps
    yield Measure(
        "crowd.cost_ratio_1k_500k",
        max(costs.values()) / min(costs.values()),
        "x, dearest over cheapest person-step",
        2.0,
        more={"ns_per_person_step": {str(n): round(1e9 * cost, 1) for n, cost in costs.items()}},
    )


def _rate(name: str, run: Run, target: float) -> Measure:
    rate = run.agent_steps / run.cpu_s
    more = {"agent_steps": round(run.agent_steps), "cpu_s": run.cpu_s, "inside": run.not_out}
    return Measure(
        f"crowd.steps_per_s.{name}", rate, "agent-steps/s CPU", target, at_most=False, more=more
    )


def _middle(runs: list[Run]) -> Run:
    return sorted(runs, key=lambda run: run.cpu_s)[len(runs) // 2]


def _memory(floor: Floor, people: list[Person]) -> Measure:
    """Bytes of engine state per person: every array that has a row for each person."""
    held = Crowd(floor, people, 1).bytes_per_person
    return Measure("crowd.bytes_per_person", held, "bytes", 200.0)


def _school() -> Iterator[Measure]:
    """The whole primary school for ten minutes."""
    tell(f"crowd: {SCHOOL} for ten minutes")
    place = Place.load(Path(SCHOOL), None, None, ())
    people = members(place, 1)[0]
    runs = [go(place.floor, people, TEN_MINUTES_S) for _ in range(2 * TURNS + 1)]
    spent = median([run.cpu_s for run in runs])
    more = {"people": len(people), "all_out_s": runs[0].last_out_s}
    yield Measure("crowd.school_10min_s", spent, "s CPU", 0.15, more=more)


def _reroute() -> Measure:
    """All ways of a campus of 6,000 spaces to all its exits, against scipy on the same graph."""
    tell("crowd: new ways for a campus")
    people = 1
    while len(campus(people, 1)[0].spaces) < REROUTED:
        people += 3_600
    floor, _ = campus(people, 1)
    routes = Routes(floor, build(floor, BOUNDING))
    free = np.zeros(routes.size)
    own, theirs = [], []
    matrix, sources = _same_graph(routes)
    for _ in range(TURNS):
        own.append(cpu_s(lambda: routes.field(routes.exits, free)))
        theirs.append(cpu_s(lambda: dijkstra(matrix, indices=sources, min_only=True)))
    ways = routes.field(routes.exits, free).beyond
    least = dijkstra(matrix, indices=sources, min_only=True)
    both = np.isfinite(ways) & np.isfinite(least)
    return Measure(
        "crowd.reroute_6000_ms",
        1_000 * median(own),
        "ms CPU",
        2.0,
        peer="scipy csgraph.dijkstra(min_only=True)",
        peer_value=1_000 * median(theirs),
        more={
            "spaces": len(floor.spaces),
            "crossings": routes.size,
            "exits": len(routes.exits),
            "alike": round(float(np.isclose(ways[both], least[both]).mean()), 4),
            "note": "ours also keeps who comes next, the narrowest place, and no way back",
        },
    )


def _same_graph(routes: Routes) -> tuple[csr_matrix, np.ndarray[Any, np.dtype[np.int64]]]:
    """The steps between crossings from the exits backwards, as scipy wants them."""
    steps = routes._steps
    head = np.repeat(np.arange(routes.size), np.diff(steps.first))
    matrix = csr_matrix((steps.metres, (head, steps.tail)), shape=(routes.size, routes.size))
    return matrix, np.flatnonzero(routes._out(routes.exits))


def _first_step() -> Measure:
    """From a cold interpreter to the first step of a crowd, compiled kernels in the cache."""
    tell("crowd: import and first step")
    spent, worked = [], []
    for _ in range(TURNS):
        begin, before = wall_ms(), os.times().children_user
        subprocess.run([sys.executable, "-c", FIRST_STEP], check=True)
        spent.append((wall_ms() - begin) / 1_000)
        worked.append(os.times().children_user - before)
    note = "with the start of Python; kernels compiled before; on a busy machine look at cpu s"
    more = {"cpu_s": round(median(worked), 3), "note": note}
    return Measure("crowd.import_first_step_s", median(spent), "s wall", 1.5, more=more)
