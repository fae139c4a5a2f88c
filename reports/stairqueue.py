"""The queue up the stairs: who waits or lies on each flight and landing, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports.building import Building
from reports.crush import shades
from reports.density import CROWD
from reports.dossier import Dossier
from reports.figures import WIDTH_IN, styled
from reports.journeys import Journeys
from reports.palette import BLACK, GREY, RED, WHITE, legible

STEP_MS = 2_000
SHOWN_STAIRS = 2
LEAST_QUEUE = 10
"""A stair on which never so many wait is not drawn."""
STANDING = ("queue", "fallen", "wait")
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StairQueue:
    """One stair: its places from the lowest up, times (ms), people who stand or lie [place, time]
    and the falls (ms, place).
    """

    stair: str
    places: tuple[str, ...]
    times_ms: Counts
    standing: Counts
    falls: tuple[tuple[int, int], ...]


def stair_queues(dossier: Dossier) -> list[StairQueue]:
    """The stairs with the longest queues, the longest first."""
    journeys, building = dossier.journeys, dossier.building
    if not len(journeys):
        return []
    times = np.arange(0, int(journeys.t_out_ms.max()) + STEP_MS, STEP_MS)
    fell = [(int(r["t"]), str(r["space"])) for r in dossier.of("person", "fall")]
    found = []
    for stair, flights in building.stairs().items():
        places = _upward(building, flights)
        rows = np.array([_standing(journeys, place, times) for place in places])
        falls = tuple((t, places.index(at)) for t, at in fell if at in places)
        found.append(StairQueue(stair, tuple(places), times, rows, falls))
    longest = sorted(found, key=lambda one: (-int(one.standing.sum(axis=0).max()), one.stair))
    return [
        one
        for one in longest[:SHOWN_STAIRS]
        if one.falls or one.standing.sum(axis=0).max() >= max(LEAST_QUEUE, CROWD)
    ]


def _upward(building: Building, flights: Sequence[str]) -> list[str]:
    """Flights with the landings at their ends, from the lowest up."""
    ends = {
        end
        for portal in building.portals.values()
        for end, other in ((portal.inner, portal.outer), (portal.outer, portal.inner))
        if other in flights and end in building.spaces and building.spaces[end].kind == "landing"
    }
    height = {storey.id: storey.z_m for storey in building.storeys}

    def order(place: str) -> tuple[float, bool, str]:
        space = building.spaces[place]
        return height.get(space.storey, 0.0), space.kind == "stair", place

    return sorted({*flights, *ends}, key=order)


def _standing(journeys: Journeys, place: str, times: Counts) -> Counts:
    """How many stand or lie in a place at each time."""
    code = journeys.spaces.index(place) if place in journeys.spaces else -1
    still = np.any([journeys.in_state(state) for state in STANDING], axis=0)
    here = still & (journeys.space == code)
    came, went = np.sort(journeys.t_in_ms[here]), np.sort(journeys.t_out_ms[here])
    inside = np.searchsorted(came, times, "right") - np.searchsorted(went, times, "right")
    return np.asarray(inside, np.int64)


@styled
def queue_figure(queue: StairQueue, building: Building, start_ms: int) -> Figure:
    """Places over time, the lowest below; shade: people who stand or lie there; crosses: falls."""
    figure = Figure(figsize=(WIDTH_IN, 0.9 + 0.28 * len(queue.places)), layout="constrained")
    axes = figure.subplots()
    busy = np.flatnonzero(queue.standing.sum(axis=0))
    first, last = (busy[0], busy[-1]) if len(busy) else (0, len(queue.times_ms) - 1)
    since = (queue.times_ms - start_ms) / 1_000
    edges = np.append(since, since[-1] + STEP_MS / 1_000)
    rows = np.arange(len(queue.places) + 1) - 0.5
    most = max(int(queue.standing.max()), 1)
    shown = np.where(queue.standing > 0, queue.standing, np.nan)
    drawn = axes.pcolormesh(edges, rows, shown, cmap=shades(), vmin=0, vmax=most, rasterized=True)
    for t_ms, row in queue.falls:
        axes.plot((t_ms - start_ms) / 1_000, row, "X", color=RED, mec=WHITE, ms=7, mew=0.8)
    names = [legible(building.name_of(place), place) for place in queue.places]
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(edges[max(first - 3, 0)], edges[min(last + 4, len(edges) - 1)])
    axes.set_xlabel("time since the start (s)" + ("; cross: somebody falls" if queue.falls else ""))
    axes.tick_params(length=2, color=GREY)
    bar = figure.colorbar(drawn, ax=axes, pad=0.01, aspect=12)
    bar.set_label("people who stand", color=BLACK)
    return figure
