"""The real program, killed at random instants: campaigns on the proving ground's own boards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from scenarios.killing import Campaign, Toll
from tests.safety.running import SITE

OUTPUTS = ("lock-w.release", "lock-e.release", "snd-1.on", "turn-1.free")
"""What a confirmed fire holds, on four boards."""

KILLS = 10
"""Kills in one campaign: then every alarm has been raised, and a new state file begins."""


def campaign(seed: int) -> Toll:
    """One campaign in a folder of its own."""
    with TemporaryDirectory() as folder:
        return asyncio.run(Campaign(SITE, Path(folder), seed, OUTPUTS).run(KILLS))


def campaigns(kills: int, jobs: int, progress: Callable[[int], None]) -> Toll:
    """At least so many kills, in campaigns of `KILLS`, in `jobs` processes."""
    whole = Toll()
    with ProcessPoolExecutor(jobs) as pool:
        for toll in pool.map(campaign, range(-(-kills // KILLS))):
            whole.kills += toll.kills
            whole.alarms += toll.alarms
            whole.restored += toll.restored
            whole.polled_ms += toll.polled_ms
            for name in ("lost", "flaps", "late", "unproved"):
                getattr(whole, name).extend(getattr(toll, name))
            progress(whole.kills)
    return whole
