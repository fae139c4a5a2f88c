"""Which alarms make a fire together, and what a disablement makes of that."""

from __future__ import annotations

from collections.abc import Iterator

from controller.alarmzone import Watched, Zone
from controller.matrixvalues import Confirm


def partners(zone: Zone, new: Watched, confirm: Confirm, now: int) -> tuple[str, ...]:
    """Who confirms the new alarm: standing still, or begun within the window; first alarm first.

    An alarm that has ended and whose window is over confirms nothing: the new one is the first.
    """
    found = sorted(_possible(zone, new, confirm), key=lambda d: d.order)
    return tuple(d.id for d in found if d.standing or _recent(d, confirm, now))


def alone(zone: Zone, new: Watched, confirm: Confirm) -> bool:
    """Whether every head that could have confirmed it is disabled: then one is enough, if the
    matrix says so (`when_disabled: one`).
    """
    others = list(_possible(zone, new, confirm))
    gone = bool(others) and all(d.out for d in others)
    return gone and confirm.when_disabled == "one"


def _possible(zone: Zone, new: Watched, confirm: Confirm) -> Iterator[Watched]:
    """Other heads that make a pair: two detectors, or a detector and a call point that counts."""
    for other in zone.devices:
        if other.head == new.head:
            continue
        mixed = other.call_point != new.call_point
        if confirm.call_point_counts if mixed else not new.call_point:
            yield other


def _recent(other: Watched, confirm: Confirm, now: int) -> bool:
    """Whether it began within the window, whose end counts if the window is closed."""
    if other.onset_ms is None:
        return False
    age = now - other.onset_ms
    return age <= confirm.window_ms if confirm.closed else age < confirm.window_ms
