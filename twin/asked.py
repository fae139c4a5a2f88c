"""What signs and voices ask of people who are on their way: wait at a door, go slowly, stop.

It is a request: a share of the people does not comply, so a held door lets that share of its usual
flow through. 0.9 comply where classes go with their teachers, 0.6 alone (design values, no data).
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.interface.points import Device

WITH_TEACHER, ALONE = 0.9, 0.6
USUAL_PER_M_S, SLOW_PER_M_S = 1.0, 0.3
"""Flow per metre of door that nobody asks anything of, and of one with `slow` (design)."""


def doors_asked(
    showing: Mapping[str, str], devices: Mapping[str, Device], widths_m: Mapping[str, float],
    led: bool,
) -> dict[str, float]:  # fmt: skip
    """Portal -> people per s who still go through, for doors beside which a sign asks to wait or
    to go slowly; the least where several do. `led`: classes go with their teachers.
    """
    complies = WITH_TEACHER if led else ALONE
    found: dict[str, float] = {}
    for name, shown in showing.items():
        portal = devices[name].near
        if portal and shown in ("wait", "slow"):
            asked = SLOW_PER_M_S if shown == "slow" else 0.0
            flow = complies * asked + (1 - complies) * USUAL_PER_M_S
            flow *= widths_m[portal]
            found[portal] = min(flow, found.get(portal, flow))
    return found


def spaces_told(
    speaking: Mapping[str, tuple[str, str]], covers: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """Spaces in which a voice says to stop and wait."""
    told = (covers.get(name, ()) for name, (message, _) in speaking.items() if message == "wait")
    return frozenset(space for spaces in told for space in spaces)
