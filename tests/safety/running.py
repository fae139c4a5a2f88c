"""Runs timelines: one after the other, or in several processes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.site import Site, load
from tests.safety.bench import Bench
from tests.safety.catalogue import Tally
from tests.safety.timeline import Timeline, draw

SITE = Path(__file__).with_name("site")
CHUNK = 50


def run_one(site: Site, seed: int, folder: Path) -> tuple[Timeline, Tally]:
    """One timeline, judged."""
    timeline = draw(seed, site.points)
    tally = Tally()
    tally.judge(Bench(site, timeline, folder).run())
    return timeline, tally


def run_some(seeds: Sequence[int]) -> Tally:
    """Timelines in this process."""
    site, whole = load(SITE), Tally()
    with TemporaryDirectory() as folder:
        for seed in seeds:
            whole.add(run_one(site, seed, Path(folder))[1])
    return whole


def run_many(count: int, jobs: int, progress: Callable[[int], None]) -> Tally:
    """Timelines of seeds 0 to `count` - 1, in `jobs` processes."""
    chunks = [range(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
    whole = Tally()
    with ProcessPoolExecutor(jobs) as pool:
        for tally in pool.map(run_some, chunks):
            whole.add(tally)
            progress(whole.timelines)
    return whole


def say_progress(done: int, what: str = "timelines") -> None:
    """On stderr, so that stdout stays a document."""
    print(f"\r{done} {what}", end="", file=sys.stderr, flush=True)
