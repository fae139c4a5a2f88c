"""`twin stagger`: search, tighten, confirm on fresh seeds, and write what a school needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from controller.interface.release import ReleaseFile
from evacuation import warm
from evacuation.laws import laws_named
from scenarios.catalog import find_site
from scenarios.egress.place import Place
from scenarios.egress.runner import workers
from scenarios.stagger.bench import Bench, Trials
from scenarios.stagger.choice import PULL_FROM, chosen
from scenarios.stagger.papers import write_papers
from scenarios.stagger.planfile import plan_of
from scenarios.stagger.posts import posts
from scenarios.stagger.progress import Bar
from scenarios.stagger.rehearsal import Schedule, Stage
from scenarios.stagger.rooms import Room, rooms_of
from scenarios.stagger.schedule import ROUND_S, Rhythm, storeys, streams, textbook_gap_s
from scenarios.stagger.search import Bounds, Found, front, search
from scenarios.stagger.stairs import stairs_of
from scenarios.stagger.words import confirmed, document_of

FRESH_FROM = 20_001
"""Fresh seeds, which had no say in the choice, begin here."""
SHOWN = 6
"""So many plans of the front are rehearsed on the fresh seeds, for their intervals."""
STAFFED_FOR = 5
"""Rehearsals from which the times of posts are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for: the site, the density that stairs are to stay under, and the effort.

    `density_per_m2` counts adults of equal body area. `seed` decides the search; `seeds` are the
    dismissals that each schedule is tried on, `fresh` how many confirm the choice. `posts`: the
    most staff on stairs (None: one at the foot of every flight).
    """

    site: str
    out: Path
    density_per_m2: float = 2.0
    period: str | None = None
    laws: str = "pupils"
    trials: int = 160
    seeds: Sequence[int] = (1, 2, 3, 4)
    fresh: int = 40
    seed: int = 1
    posts: int | None = None
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A chosen schedule, the file that says it, and its dismissals beside those all at once."""

    schedule: Schedule
    file: ReleaseFile
    fresh: Trials
    at_once: Trials


def stagger(order: Order) -> dict[str, Any]:
    """Find a release plan for a site and write it to `order.out`; return the document.

    BadFile or ValueError for bad input, before any search.
    """
    _check(order)
    folder = find_site(order.site)
    place = Place.load(folder / "floor.yaml", None, order.period, ())
    laws, stairs = laws_named(order.laws), stairs_of(place.floor)
    rooms = rooms_of(place, stairs)
    if not any(room.stair for room in rooms):
        raise ValueError(f"no class needs a stair in period {place.period!r}: nothing to stagger")
    stage = Stage(place, laws, [room.id for room in rooms], stairs)
    warm(lambda _: None)
    with Bench(stage, workers(order.jobs, order.trials)) as bench, Bar(_work(order, rooms)) as bar:
        found = _searched(bench, rooms, order, bar)
        schedule = chosen(bench, rooms, found, order.density_per_m2, order.fresh, bar.turn)
        fresh_seeds = range(FRESH_FROM, FRESH_FROM + order.fresh)
        shown = _spread(front(found))
        tried = [schedule, dict.fromkeys(schedule, 0), *(one.schedule for one in shown)]
        bar.say("confirming on fresh seeds")
        fresh = bench.all(tried, fresh_seeds)
    seen = [stage.rehearse(schedule, seed) for seed in fresh_seeds[:STAFFED_FOR]]
    say = f"Release after the bell, made for {order.density_per_m2:g} adults per m2 on stairs"
    stood = posts(stage, seen, order.posts)
    file = plan_of(place, folder, say, order.density_per_m2, rooms, schedule, stood, stage.watched)
    plan = Plan(schedule, file, fresh[0], fresh[1])
    document = document_of(order, place, stairs, rooms, plan)
    document["front"] = [_point(one, gave) for one, gave in zip(shown, fresh[2:], strict=True)]
    document["tried"] = [[round(one.end_s, 1), round(one.peak, 3)] for one in found]
    document["files"] = write_papers(order.out, document, file)
    return document


def _check(order: Order) -> None:
    if not 0.1 <= order.density_per_m2 <= 8:
        raise ValueError(f"--density {order.density_per_m2:g}: from 0.1 to 8 adults per m2")
    if order.trials < 8 or order.fresh < 8:
        raise ValueError("--trials and --confirm: at least 8 each, or nothing can be said")
    clash = [s for s in order.seeds if s >= PULL_FROM]
    if clash or not order.seeds:
        raise ValueError(f"--seeds: from 0 to {PULL_FROM - 1}; later ones choose and confirm")


def _work(order: Order, rooms: Sequence[Room]) -> int:
    return order.trials + len(rooms)


def _searched(bench: Bench, rooms: Sequence[Room], order: Order, bar: Bar) -> list[Found]:
    """Search rhythms, beginning with all at once and with the textbook's gaps, both ways round."""
    bar.say("searching")
    once = bench.all([dict.fromkeys((room.id for room in rooms), 0)], order.seeds)[0]
    gaps = _gaps(bench.stage, rooms, order.seeds[0])
    apart = {k: max(gap for (floor, _), gap in gaps.items() if floor == k) for k in storeys(rooms)}
    size = {k: max(len(v) for (f, _), v in streams(rooms).items() if f == k) for k in apart}
    longest = sum(apart[k] * size[k] for k in apart)
    bounds = Bounds(
        max(longest, int(once.end_s.mean()) // ROUND_S * ROUND_S), 2 * max(apart.values())
    )
    starts = [dict.fromkeys(apart, Rhythm(0, 0))]
    for floors in (list(apart), list(apart)[::-1]):
        begin, rhythms = 0, {}
        for floor in floors:
            rhythms[floor] = Rhythm(begin, apart[floor])
            begin += apart[floor] * size[floor]
        starts.append(rhythms)
    return search(bench, rooms, bounds, starts, (order.trials, order.seed, order.seeds), bar.step)


def _gaps(stage: Stage, rooms: Sequence[Room], seed: int) -> dict[tuple[str, str], int]:
    """The textbook's gap for each storey and stair, by its largest class and narrowest flight."""
    floor, law = stage.place.floor, stage.laws
    flights = [floor.spaces[s] for s in stage.watched if floor.spaces[s].is_stair]
    narrow = min(flights, key=lambda s: s.width_m)
    adults = stage.adults(seed)
    return {
        key: textbook_gap_s(max(adults[r.id] for r in part), law, narrow)
        for key, part in streams(rooms).items()
    }


def _spread(found: Sequence[Found]) -> list[Found]:
    """At most `SHOWN` plans of the front, evenly, both ends with them."""
    picks = np.unique(np.linspace(0, len(found) - 1, min(SHOWN, len(found))).round().astype(int))
    return [found[k] for k in picks]


def _point(one: Found, fresh: Trials) -> Mapping[str, Any]:
    times = {room: at / 1_000 for room, at in one.schedule.items()}
    return {"release_s": times, **confirmed(fresh)}
