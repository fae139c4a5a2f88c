"""`python -m tests.safety [--timelines N] [--kills N] [--jobs N] [--page] [--show SEED]`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.site import load
from scenarios.killing import Toll
from tests.safety.catalogue import INVARIANTS, KEPT, Tally
from tests.safety.killing import campaigns
from tests.safety.page import BOUNDED, PAGE, page
from tests.safety.running import SITE, run_many, run_one, say_progress


def main() -> int:
    """Exit code 0 if every invariant held and none was idle."""
    parser = argparse.ArgumentParser(prog="python -m tests.safety", description=__doc__)
    parser.add_argument("--timelines", type=int, default=BOUNDED)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--page", action="store_true", help="write docs/safety.md")
    parser.add_argument("--show", type=int, metavar="SEED", help="one timeline only")
    given = parser.parse_args()
    if given.show is not None:
        return _show(given.show)
    tally = run_many(BOUNDED if given.page else given.timelines, given.jobs, say_progress)
    print(file=sys.stderr)
    if given.page:
        PAGE.write_text(page(tally))
    failed = _verdict(tally)
    if given.kills:
        toll = campaigns(given.kills, given.jobs, lambda done: say_progress(done, "kills"))
        print(file=sys.stderr)
        failed |= _told(toll)
    return failed


def _told(toll: Toll) -> int:
    """What the kills found."""
    slowest = max(toll.polled_ms, default=0)
    print(f"{toll.kills:,} kills, {toll.alarms:,} alarms latched, {toll.restored:,} restored")
    print(f"slowest first poll {slowest} ms after the start")
    for name in ("lost", "flaps", "late", "unproved"):
        for text in getattr(toll, name)[:KEPT]:
            print(f"     {name}: {text}")
    return 0 if toll.clean else 1


def _show(seed: int) -> int:
    with TemporaryDirectory() as folder:
        timeline, tally = run_one(load(SITE), seed, Path(folder))
    print(timeline)
    return _verdict(tally, idle_counts=False)


def _verdict(tally: Tally, *, idle_counts: bool = True) -> int:
    print(f"{tally.timelines:,} timelines, {tally.with_alarm:,} of them with an alarm")
    idle = [i.id for i in INVARIANTS if not tally.premises[i.id]] if idle_counts else []
    for invariant in INVARIANTS:
        broken = tally.breaches.get(invariant.id, [])
        print(f"{invariant.id:4} premise held {tally.premises[invariant.id]:8,}  "
              f"broken {len(broken):4}  {invariant.say}")  # fmt: skip
        for text in broken[:KEPT]:
            print(f"     {text}")
    if idle:
        print(f"never tried: {', '.join(idle)}")
    return 1 if tally.breaches or idle else 0


if __name__ == "__main__":
    sys.exit(main())
