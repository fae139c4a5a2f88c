"""Which faults a device or gateway can have in a run, and a sentence for those it cannot have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from controller.interface.files import nearest
from controller.interface.kinds import KINDS
from controller.interface.points import Value

GATEWAY_FAULTS = ("slow", "off")


def possible(kind: str) -> tuple[str, ...]:
    """The faults that a kind of device can have."""
    return tuple(KINDS[kind].faults)


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
    takes = KINDS[kind].faults[fault].takes
    if takes is not None and ("value" not in params or not takes.fits(params["value"])):
        raise ValueError(f"{kind} {target}: `{fault}` needs value, {takes.say}")
    _only(target, fault, params, ("value",) if takes is not None else ())


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
