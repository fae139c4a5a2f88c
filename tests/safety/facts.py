"""What follows from a trace: when fires were confirmed at the registers, which paths were sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.safety.trace import Trace

ZONES = {
    "west": (("sd-w1", "sd-w2"), "mcp-w"),
    "east": (("sd-e1", "sd-e2"), "mcp-e"),
}
DETECTORS = tuple(name for detectors, _ in ZONES.values() for name in detectors)
CALL_POINTS = tuple(call_point for _, call_point in ZONES.values())
FLOWS = {"fs-e": "east"}
"""Flow switches and their zones: water that flows is a fire by itself."""

LOOP = (*DETECTORS, *CALL_POINTS, *FLOWS)
LOCKS = {"lock-w": ("doors-w", "x-west"), "lock-e": ("doors-e", "x-east")}
BOARDS = {
    "lock-w": "doors-w", "lock-e": "doors-e", "hold-1": "doors-w", "snd-1": "sounders-1",
    "lite-1": "lights-1", "turn-1": "gate-1", "bollard-1": "gate-1", "lift-a": "lift-1",
    "panic-1": "guarding-1",
}  # fmt: skip
FIRE_PATH = ("fire-1", "panel-1")

RECOVERY_MS = 40_000
"""After a fault a way is sound again within this: attempts are at most 30 s apart."""

START_MS = 12_000
"""After a start the controller is in the picture within this."""


def alarmed(trace: Trace, t_ms: int) -> set[str]:
    """The loop devices whose registers say alarm."""
    return {name for name in LOOP if trace.at(f"register:{name}", t_ms) == "alarm"}


def standing(trace: Trace, zone: str, start: int, end: int) -> bool:
    """Whether a device of the zone stands in alarm throughout [start, end]."""
    detectors, call_point = ZONES[zone]
    names = (*detectors, call_point, *(name for name, wet in FLOWS.items() if wet == zone))
    return any(trace.always(f"register:{name}", "alarm", start, end) for name in names)


def evacuating(trace: Trace, t_ms: int) -> set[str]:
    """The zones in which a fire has been confirmed or a call point pressed up to then."""
    found = {zone for t, zone in confirmations(trace) if t <= t_ms}
    for zone, (_, call_point) in ZONES.items():
        if trace.first(f"register:{call_point}", "alarm", 0, t_ms) is not None:
            found.add(zone)
    return found


def _onsets(trace: Trace) -> list[int]:
    """Every time at which a register changes."""
    names = (f"register:{name}" for name in LOOP)
    return sorted({t for name in names for t, _ in trace.changes(name)})


def confirmations(trace: Trace) -> Iterator[tuple[int, str]]:
    """(when, zone): two detectors of a zone, or one and its call point, stand in alarm together,
    or water flows to its sprinklers.

    Only the first of each zone: what is latched stays so. Not where somebody has asked before to
    take the zone or a device out of service, and not where the alarms came one after the other:
    the controller has added them up before.
    """
    waiting = dict(ZONES)
    seen: set[str] = set()
    for t in _onsets(trace):
        for word in orders(trace, 0, t):
            if word.startswith(("test ", "disable ")):
                waiting.pop({"test west": "west", "disable sd-e1": "east"}[word], None)
        now = alarmed(trace, t)
        for zone in list(waiting):
            if _is_fire(zone, now):
                del waiting[zone]
                yield t, zone
            elif _is_fire(zone, seen | now):
                del waiting[zone]
        seen |= now


def _is_fire(zone: str, alarms: set[str]) -> bool:
    detectors, call_point = ZONES[zone]
    heads = len(alarms & set(detectors))
    water = any(wet == zone and name in alarms for name, wet in FLOWS.items())
    return water or heads == 2 or (heads == 1 and call_point in alarms)


def confirmed_ms(trace: Trace) -> int | None:
    """When the first fire was confirmed at the registers."""
    return next((t for t, _ in confirmations(trace)), None)


_EVACUATES = ("evacuate", "evacuate east", "drill", "confirm west", "investigate east")


def quiet_ms(trace: Trace) -> int:
    """Until when no second detector, no call point and no water has alarmed: nothing may evacuate.

    What alarmed once counts from then on: the controller holds it until its own reset.
    """
    asked = [t for t, v in trace.changes("order") if v.removeprefix("order ") in _EVACUATES]
    seen: set[str] = set()
    for t in sorted([*_onsets(trace), *asked[:1]]):
        if asked and t >= asked[0]:
            return t
        seen |= alarmed(trace, t)
        if len(seen) > 1 or seen & {*CALL_POINTS, *FLOWS}:
            return t
    return trace.ends_ms + 1


def first_alarm(trace: Trace, devices: Iterable[str]) -> int | None:
    """When the first of some devices stood in alarm at the registers."""
    times = (trace.first(f"register:{n}", "alarm", 0, trace.ends_ms) for n in devices)
    return min((t for t in times if t is not None), default=None)


def running(trace: Trace, start: int, end: int, since: int = START_MS) -> bool:
    """Whether the controller ran throughout, and had been started long enough before."""
    return trace.always("controller", True, max(0, start - since), end)


def settled(trace: Trace, names: Iterable[str], start: int, end: int) -> bool:
    """Whether these were sound throughout, and had been long enough before."""
    return trace.sound(tuple(names), max(0, start - RECOVERY_MS), end)


def brokered(trace: Trace, start: int, end: int) -> bool:
    """Whether the broker was there throughout, and had been long enough before."""
    return trace.always("broker", True, max(0, start - RECOVERY_MS), end)


def watching(trace: Trace, start: int, end: int) -> bool:
    """Whether the controller ran and heard the panel throughout."""
    return heard(trace, start, end) and running(trace, start, end)


def heard(trace: Trace, start: int, end: int) -> bool:
    """Whether the way from the panel to the controller was sound, and had been long enough."""
    return settled(trace, FIRE_PATH, start, end)


def reached(trace: Trace, device: str, start: int, end: int) -> bool:
    """Whether the way to a device was sound, and had been long enough."""
    board = BOARDS.get(device)
    way = (device,) if board is None else (board, device)
    if not settled(trace, way, start, end):
        return False
    return board is not None or brokered(trace, start, end)


def ordered(trace: Trace, word: str, start: int, end: int) -> bool:
    """Whether somebody at the desk gave an order within [start, end]."""
    return word in orders(trace, start, end)


def orders(trace: Trace, start: int, end: int) -> list[str]:
    """All orders given at the desk within [start, end], granted or not: `VERB [TARGET]`."""
    found = [v for t, v in trace.changes("order") if start <= t <= end]
    return [word.removeprefix("order ") for word in found]


def free_to_lock(trace: Trace, start: int, end: int) -> bool:
    """Whether a reset and then a release, or an all-clear, was asked for within [start, end]."""
    given = orders(trace, start, end)
    return "reset" in given and bool({"release", "all-clear"} & set(given))
