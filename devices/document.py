"""The profile of a device kind as a JSON document: what tests, pages and other tools read."""

from __future__ import annotations

from controller.interface.files import nearest
from controller.interface.kind import FaultRole, PointRole, Timing
from controller.interface.kinds import KINDS


def profile_document(kind: str) -> dict[str, object]:
    """Everything declared of a kind, as plain JSON values; ValueError names the nearest kind.

    `offset` counts from the start of the device's block; `blocks` says how far apart the blocks of
    two devices are on each gateway profile. Points on MQTT have the area cmd, state or event.
    """
    if kind not in KINDS:
        hint = nearest(kind, KINDS)
        raise ValueError(
            f"no such device kind: {kind!r}" + (f"; did you mean `{hint}`?" * bool(hint))
        )
    one = KINDS[kind]
    dog = one.watchdog
    return {
        "kind": one.name,
        "title": {"en": one.title, "zh": one.title_zh},
        "bus": one.bus,
        "topic": one.topic,
        "places": list(one.places),
        "blocks": dict(one.boards),
        "points": [_point(role) for role in one.points.values()],
        "timing": [_timing(timing) for timing in one.timing.values()],
        "settings": [
            {"name": s.name, "text": s.text, "usual": s.usual, "takes": s.takes.say}
            for s in one.settings.values()
        ],
        "faults": [_fault(fault) for fault in one.faults.values()],
        "safe_state": {"comms_lost": one.comms_lost, "power_lost": one.power_lost},
        "watchdog": dog
        and {
            "point": dog.point,
            "after_ms": dog.after_ms,
            "text": dog.text,
            "safe": dict(dog.safe),
        },
        "clauses": list(one.clauses),
    }


def _point(role: PointRole) -> dict[str, object]:
    bits = role.area in ("coil", "holding")
    return {
        "name": role.name,
        "direction": "output" if role.write else "input",
        "type": role.as_type,
        "unit": role.unit,
        "range": list(role.range) or None,
        "access": ("rw" if bits else "w") if role.write else "r",
        "area": role.area,
        "offset": role.offset,
        "pulse": role.pulse,
        "text": role.text,
    }


def _timing(timing: Timing) -> dict[str, object]:
    """Uniform between low and high: the median is half-way."""
    low, high = timing.low_ms, timing.high_ms
    return {
        "what": timing.name,
        "text": timing.text,
        "min_ms": low,
        "p50_ms": (low + high) // 2,
        "p99_ms": round(low + 0.99 * (high - low)),
        "max_ms": high,
        "source": timing.source,
    }


def _fault(fault: FaultRole) -> dict[str, object]:
    takes = fault.takes
    return {"name": fault.name, "text": fault.text, "value": takes.say if takes else None}
