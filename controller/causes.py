"""Which causes of the matrix hold, since when, and what a lockdown makes of a single alarm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from controller.image import Image
from controller.matrixvalues import Cause, Lockdown, Matrix
from controller.service import NEVER

WEAK = ("first", "call-point", "confirmed")
"""Causes that a single device may have made. Two devices, a flow switch, a heat detector, an
operator or the end of an investigation are never kept waiting."""

_Held = Callable[[Cause, Image], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Active:
    """A cause that holds: since when, and the devices that are the reason.

    `open_ms`: since when it may do more than tell the duty desk.
    """

    since_ms: int
    inputs: tuple[str, ...]
    open_ms: int


@dataclass(frozen=True, slots=True)
class Causes:
    """Since when each cause's condition holds, which are active, and when others will be."""

    since: Mapping[str, int]
    active: Mapping[str, Active]
    wakes: tuple[int, ...]


def causes(matrix: Matrix, was: Causes, image: Image, now: int) -> Causes:
    """Look at every cause once, in the matrix's order."""
    since: dict[str, int] = {}
    found: dict[str, tuple[str, ...]] = {}
    wakes: list[int] = []
    for cause in matrix.causes.values():
        inputs = _HOLDS[cause.when](cause, image)
        if not inputs and image.unheard:
            inputs = _remembered(cause, was, image)
        if not inputs:
            continue
        before = was.since.get(cause.id)
        begun = since[cause.id] = _begun(cause, image, now) if before is None else before
        if begun + cause.delay_ms > now:
            wakes.append(begun + cause.delay_ms)
        else:
            found[cause.id] = inputs
    locked = any(matrix.causes[name].lockdown for name in found)
    active = {}
    for name, inputs in found.items():
        cause, held = matrix.causes[name], was.active.get(name)
        begun = now if held is None else held.since_ms
        open_ms = _open(cause, held, image, now, locked, matrix.lockdown)
        active[name] = Active(begun, inputs, open_ms)
    return Causes(since, active, tuple(wakes))


def _open(
    cause: Cause, held: Active | None, image: Image, now: int, locked: bool, rule: Lockdown
) -> int:
    """Since when a cause acts in full: at once, unless a lockdown stood before a single alarm."""
    if held is not None and held.open_ms <= now:
        return held.open_ms
    if not locked or cause.policy == "fire_always" or not _weak(cause, image):
        return now
    if held is not None:
        return held.open_ms
    waits = cause.policy == "verify_then_fire" and rule.confirms
    return now + rule.verify_ms if waits else NEVER


def _weak(cause: Cause, image: Image) -> bool:
    """Whether a single device is all there is to it."""
    zones = image.alarms.zones
    return cause.when in WEAK and not any(zones[name].certain for name in cause.zones)


def _begun(cause: Cause, image: Image, now: int) -> int:
    """A lost gateway is lost since the driver said so, everything else since it is first seen."""
    if cause.when == "comms-lost":
        return min(image.lost[name] for name in cause.gateways if name in image.lost)
    return now


def _remembered(cause: Cause, was: Causes, image: Image) -> tuple[str, ...]:
    """After a restart a condition stands until its point or gateway has been heard again."""
    if cause.id not in was.since or not {cause.point, *cause.gateways} & image.unheard:
        return ()
    held = was.active.get(cause.id)
    return held.inputs if held is not None else (cause.device or cause.gateways[0],)


def _first(cause: Cause, image: Image) -> tuple[str, ...]:
    return tuple(d for name in cause.zones for d in image.alarms.zones[name].detectors)


def _confirmed(cause: Cause, image: Image) -> tuple[str, ...]:
    return tuple(d for name in cause.zones for d in image.alarms.zones[name].confirmed)


def _call_point(cause: Cause, image: Image) -> tuple[str, ...]:
    return tuple(d for name in cause.zones for d in image.alarms.zones[name].call_points)


def _prealarm(cause: Cause, image: Image) -> tuple[str, ...]:
    return tuple(d for name in cause.zones for d in image.alarms.zones[name].warned)


def _fault(cause: Cause, image: Image) -> tuple[str, ...]:
    """Devices in trouble at the panel, and whatever else of a zone, or of none, is not in order."""
    zones = image.alarms.zones
    at_panel = (zones[name].faulty if name in zones else () for name in cause.zones)
    besides = (image.faulty.get(name, ()) for name in cause.zones)
    found = (d for pair in zip(at_panel, besides, strict=True) for some in pair for d in some)
    return tuple(dict.fromkeys(found))


def _lost(cause: Cause, image: Image) -> tuple[str, ...]:
    return tuple(name for name in cause.gateways if name in image.lost)


def _reads(cause: Cause, image: Image) -> tuple[str, ...]:
    return (cause.device,) if image.good(cause.point) == cause.equals else ()


def _above(cause: Cause, image: Image) -> tuple[str, ...]:
    value = image.good(cause.point)
    if value is None or isinstance(value, str):
        return ()
    if cause.sampled:
        recent = image.recent.get(cause.point, ())
        return (cause.device,) if sum(one > cause.limit for one in recent) >= 2 else ()
    return (cause.device,) if value > cause.limit else ()


def _flow(cause: Cause, image: Image) -> tuple[str, ...]:
    """Flow switches of zones, or one contact."""
    if cause.zones:
        return tuple(d for name in cause.zones for d in image.alarms.zones[name].flows)
    return _reads(cause, image)


def _evacuate(cause: Cause, image: Image) -> tuple[str, ...]:
    return image.orders.evacuates(cause.zones)


def _lockdown(cause: Cause, image: Image) -> tuple[str, ...]:
    return (image.orders.lockdown,) if image.orders.lockdown else ()


def _drill(cause: Cause, image: Image) -> tuple[str, ...]:
    return ("drill",) if image.alarms.service.drill is not None else ()


def _crowd(cause: Cause, image: Image) -> tuple[str, ...]:
    """The watches at a level or worse, of which nobody has taken notice where that is asked."""
    watched = ((name, image.crowd[name]) for name in cause.watches)
    return tuple(
        name
        for name, one in watched
        if one.reaches(cause.level) and not (cause.unanswered and one.answered)
    )


def _plan(cause: Cause, image: Image) -> tuple[str, ...]:
    return ("plan",) if cause.equals in image.levels else ()


_HOLDS: Mapping[str, _Held] = {
    "first": _first,
    "confirmed": _confirmed,
    "call-point": _call_point,
    "prealarm": _prealarm,
    "fault": _fault,
    "comms-lost": _lost,
    "above": _above,
    "point": _reads,
    "flow": _flow,
    "key": _reads,
    "evacuate": _evacuate,
    "lockdown": _lockdown,
    "drill": _drill,
    "crowd": _crowd,
    "plan": _plan,
}
"""What makes each kind of cause hold: the devices, gateways or operators; none if it does not."""
