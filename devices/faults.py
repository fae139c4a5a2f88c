"""Which faults a device or gateway can have in a run, and a sentence for those it cannot have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from controller.interface.files import nearest
from controller.interface.points import Value
from devices.pa import VOICE_MS
from devices.sign import FACES

_ACTUATORS = (
    "door-lock", "door-holder", "sounder", "emergency-light", "turnstile", "bollard", "pa-zone",
    "exit-sign", "duty-desk",
)  # fmt: skip
_LOOP = ("smoke-detector", "heat-detector", "call-point")
_STATIONS = ("pa-zone", "camera", "exit-sign", "duty-desk")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What `value` a `wrong` fault takes, in words and as a test."""

    say: str
    fits: Callable[[object], bool]


def _number(low: float, high: float) -> Callable[[object], bool]:
    return lambda v: isinstance(v, int | float) and not isinstance(v, bool) and low <= v <= high


def _bit(value: object) -> bool:
    return value in (0, 1)


def _whole(low: int, high: int) -> Callable[[object], bool]:
    return lambda v: type(v) is int and low <= v <= high


def _among(words: Iterable[str]) -> Wrong:
    known = tuple(words)
    return Wrong(f"one of {', '.join(known)}", lambda v: v in known)


WRONG: Mapping[str, Wrong] = {
    "smoke-detector": Wrong("an extinction of 0 to 50 1/m", _number(0, 50)),
    "heat-detector": Wrong("a temperature of -40 to 1200 C", _number(-40, 1200)),
    "camera": Wrong("a count of 0 or more", _whole(0, 100_000)),
    "door-lock": Wrong("what the bolt reports, true or false", _bit),
    "door-holder": Wrong("what the door contact reports, true or false", _bit),
    "turnstile": Wrong("what `freed` reports, true or false", _bit),
    "bollard": Wrong("what `down` reports, true or false", _bit),
    "sounder": Wrong("a line code: 1 open, 2 short", _whole(1, 2)),
    "emergency-light": Wrong("a battery of 0 to 100 percent", _whole(0, 100)),
    "pa-zone": _among(VOICE_MS),
    "exit-sign": _among(FACES),
}
GATEWAY_FAULTS = ("slow", "off")


def possible(kind: str) -> tuple[str, ...]:
    """The faults that a kind of device can have."""
    table = {"stuck": _ACTUATORS, "off": (*_LOOP, *_STATIONS), "wrong": tuple(WRONG)}
    return tuple(fault for fault, kinds in table.items() if kind in kinds)


def check_gateway(target: str, fault: str, params: Mapping[str, object]) -> None:
    """ValueError with a sentence unless the gateway can have this fault."""
    _known(f"gateway {target}", fault, GATEWAY_FAULTS, "")
    delay = params.get("delay_ms")
    if fault == "slow" and not (type(delay) is int and delay > 0):
        raise ValueError(f"gateway {target}: `slow` needs delay_ms, a whole number above 0")
    _only(target, fault, params, ("delay_ms",) if fault == "slow" else ())


def check_device(
    target: str, kind: str, gateway: str, fault: str, params: Mapping[str, object]
) -> None:
    """ValueError with a sentence unless this device can have this fault."""
    _known(f"{kind} {target}", fault, possible(kind), _because(kind, gateway, fault))
    if fault == "wrong":
        wrong = WRONG[kind]
        if "value" not in params or not wrong.fits(params["value"]):
            raise ValueError(f"{kind} {target}: `wrong` needs value, {wrong.say}")
    _only(target, fault, params, ("value",) if fault == "wrong" else ())


def _because(kind: str, gateway: str, fault: str) -> str:
    """Why a kind cannot have a fault that others can."""
    if fault == "off" and gateway:
        return f"it has no connection of its own; switch off its gateway {gateway}"
    if fault == "stuck":
        return "it moves nothing"
    if fault == "wrong" and kind == "call-point":
        return "press it instead"
    if fault == "slow":
        return f"only gateways are slow, such as {gateway}" if gateway else "only gateways are slow"
    return ""


def _known(who: str, fault: str, known: tuple[str, ...], because: str) -> None:
    if fault in known:
        return
    can = f"possible: {', '.join(known)}" if known else "it can have none"
    close = nearest(fault, known)
    hint = f"; did you mean `{close}`?" if close else ""
    reason = f" ({because})" if because else ""
    raise ValueError(f"{who} cannot be `{fault}`{reason}; {can}{hint}")


def _only(
    target: str, fault: str, params: Mapping[str, Value | object], keys: Iterable[str]
) -> None:
    extra = [key for key in params if key not in keys]
    if extra:
        close = nearest(extra[0], keys)
        hint = f"; did you mean `{close}`?" if close else ""
        raise ValueError(f"{target}: `{fault}` takes no `{extra[0]}`{hint}")
