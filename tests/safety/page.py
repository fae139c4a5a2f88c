"""`docs/safety.md`: what is claimed, what is not, every invariant and how often it was tried."""

from __future__ import annotations

from pathlib import Path

from tests.safety.catalogue import INVARIANTS, Tally
from tests.safety.mutants import MUTANTS
from tests.safety.timeline import ALARM_SHARE, LONGEST_MS, SHORTEST_MS

PAGE = Path(__file__).parents[2] / "docs" / "safety.md"
BOUNDED = 300
"""Timelines of `make test`; the page is made from them."""

_HEAD = """# Safety case

What the controller is, and is not. It is **not** a fire alarm system, not a fire detection panel
and not certified to GB 16806, GB 4717, EN 54, NFPA 72, IEC 61508 or any other standard. Modbus is a
monitoring and auxiliary control path. The panel's own hard-wired outputs stay: the fire contact
must release every lock on an escape route by wire, with controller, broker and gateways dead.
Nothing here replaces type-approved equipment, its commissioning, or the approval of the authority.
Clauses marked (m) have not been checked against the printed text.

What is shown here: the sentences below held on ground truth - bolts, sounders, lamps, registers,
not what the controller believes - on the emulated proving ground of `tests/safety/site`, over
random timelines. Each lasts {shortest} to {longest} s, has at least three faults drawn from the
whole vocabulary of [faults](devices/faults.md) on any gateway or device, an alarm in {share} %
(with at least one of the faults while it stands), people at exit buttons and at the desk, and in
part a broker that goes down, a mains outage, or a controller that is killed and started again.
Verified on emulated devices is not validated on real ones.

    make safety                                  # 10,000 timelines, 1,000 kills
    make safety TIMELINES=300 KILLS=20           # what `make test` does
    python -m tests.safety --show 117            # one timeline, and what it breaks

**The hard-wired path** is D5, D6 and D7 below: the panel's fire contact draws the bolts with
controller, broker and gateways dead. Its scenario is `twin run device-hall-wire-alone`: panel
gateway, door board's network and broker are dead, a call point is pressed, the wire releases the
door within 3 s; the board never took a command.

Every branch of the modules that decide is taken by their tests (`tests/safety/test_branches.py`),
and {mutants} stated mutants of them and of the matrix are each noticed (`tests/safety/mutants.py`).

`premise held` counts the occasions, in {count} timelines, on which the sentence said anything at
all; none may be zero.

| id | what always holds | clause | formal | premise held |
|---|---|---|---|---|
"""

_NOTATION = """
`[]` always; `<>3s` within 3 s; `->` implies; `x(t)` the state of x at t; `sound(x)`: no fault of x
or of the way to it since 40 s (attempts to reconnect are at most 30 s apart); `confirmed(z,t)`: two
detectors, or one and the call point, of zone z stand in alarm in the panel's registers from t on.
"""


def page(tally: Tally) -> str:
    """The page, from the bounded run."""
    head = _HEAD.format(
        shortest=SHORTEST_MS // 1000, longest=LONGEST_MS // 1000, share=round(100 * ALARM_SHARE),
        count=tally.timelines, mutants=len(MUTANTS),
    )  # fmt: skip
    rows = [
        f"| {i.id} | {i.say} | {i.clause} | `{_cell(i.formal)}` | {tally.premises[i.id]:,} |"
        for i in INVARIANTS
    ]
    return head + "\n".join(rows) + "\n" + _NOTATION


def _cell(formal: str) -> str:
    return formal.replace("|", "\\|")
