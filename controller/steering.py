"""Effects that steer people: holds, meters, one-way signs. Each has a longest time, and none of
them stands beside a fire.

A hold that has had its time is spent until nobody has asked for it for `REST_MS`, so that a cause
that comes and goes does not stretch it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controller.image import Image
from controller.matrixvalues import Matrix, Rule
from controller.service import NEVER

REST_MS = 30_000
"""How long nobody must ask for a spent hold before it may begin anew (design)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Since when an effect has been asked for, and since when it is not any more (NEVER: it is)."""

    since_ms: int
    left_ms: int = NEVER


def holds(matrix: Matrix, on: Iterable[Rule], was: Mapping[str, Hold], now: int) -> dict[str, Hold]:
    """Every steering effect that is asked for, or was a short while ago."""
    asked = {rule.effect for rule in on if matrix.effects[rule.effect].steers}
    found = {name: Hold(was[name].since_ms if name in was else now) for name in sorted(asked)}
    for name, hold in was.items():
        left_ms = min(hold.left_ms, now)
        if name not in asked and now - left_ms < REST_MS:
            found[name] = Hold(hold.since_ms, left_ms)
    return found


def spent(matrix: Matrix, held: Mapping[str, Hold], now: int) -> frozenset[str]:
    """The effects that have had their longest time."""
    effects = matrix.effects
    return frozenset(n for n, h in held.items() if now - h.since_ms >= effects[n].at_most_ms)


def wake_ms(matrix: Matrix, held: Mapping[str, Hold], now: int) -> int:
    """When the next hold is spent or rested."""
    times = [hold.since_ms + matrix.effects[name].at_most_ms for name, hold in held.items()]
    times += [hold.left_ms + REST_MS for hold in held.values()]
    return min((t for t in times if t > now), default=NEVER)


def fire(image: Image) -> bool:
    """Whether people are to leave: a confirmed fire, a call point, an evacuation by order."""
    zones = image.alarms.zones.values()
    return bool(image.orders.evacuate) or any(z.confirmed or z.call_points for z in zones)
