"""Which faults a device or gateway can have, and a sentence for those it cannot have.

A device has the faults that its kind declares for itself, and of the common vocabulary those that
act on what it has: an input, an output, a connection. Where both have a word, the kind's holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from controller.interface.files import nearest
from controller.interface.kind import FaultRole
from controller.interface.kinds import CALL_POINT, DETECTORS, FLOW_SWITCH, KINDS
from controller.interface.points import Device
from devices.failing.vocabulary import ALIASES, TERMS, TRAITS, Term

SENSORS = (
    *DETECTORS, FLOW_SWITCH, "camera", "people-counter", "pir", "perimeter-beam", "turnstile",
    "smoke-vent",
)  # fmt: skip
"""Kinds that sense the world through probes."""


def own(kind: str) -> Mapping[str, FaultRole]:
    """The faults that a kind declares for itself."""
    return KINDS[kind].faults


def traits(device: Device) -> frozenset[str]:
    """What a device is and has, as far as faults are concerned."""
    return _traits(device.kind, device.bus == "mqtt", [p.name for p in device.points])


def kind_traits(kind: str) -> frozenset[str]:
    """What a device of a kind is and has when all its points are bound."""
    return _traits(kind, KINDS[kind].bus == "mqtt", list(KINDS[kind].points))


def _traits(kind: str, station: bool, bound: list[str]) -> frozenset[str]:
    roles = KINDS[kind].points
    reads = [roles[name].as_type for name in bound if not roles[name].write]
    writes = any(roles[name].write for name in bound)
    has = {
        "station": station,
        "senses": kind in SENSORS,
        "reads": bool(reads),
        "bits": "bool" in reads,
        "numbers": any(t in ("u16", "s16", "u32", "number") for t in reads),
        "writes": writes,
        "powered": KINDS[kind].powered,
        "writes+station": writes and station,
    }
    return frozenset(name for name, given in has.items() if given)


def way(term: Term, has: Iterable[str]) -> str:
    """On which of its traits a fault acts; "" if the target has none of them."""
    return next((trait for trait in term.ways if trait in has), "")


def possible(device: Device | None) -> tuple[str, ...]:
    """The faults that a device, or a gateway (None), can have."""
    if device is None:
        return _of_vocabulary({"gateway"})
    return tuple(dict.fromkeys((*own(device.kind), *_of_vocabulary(traits(device)))))


def _of_vocabulary(has: Iterable[str]) -> tuple[str, ...]:
    return tuple(term.name for term in TERMS.values() if way(term, has))


def check_gateway(target: str, fault: str, params: Mapping[str, object]) -> None:
    """ValueError with a sentence unless the gateway can have this fault."""
    check_fault(target, None, fault)
    _amounts(f"gateway {target}", fault, params)


def check_device(device: Device, fault: str, params: Mapping[str, object]) -> None:
    """ValueError with a sentence unless this device can have this fault."""
    who = f"{device.kind} {device.id}"
    check_fault(device.id, device, fault)
    role = own(device.kind).get(fault)
    if role is None:
        _amounts(who, fault, params)
        return
    if role.takes is not None and not role.takes.fits(params.get("value")):
        raise ValueError(f"{who}: `{fault}` needs value, {role.takes.say}")
    _only(who, fault, params, ("value", "seed") if role.takes is not None else ("seed",))


def check_fault(target: str, device: Device | None, fault: str) -> None:
    """ValueError with the reason and the nearest word unless the target can have this fault."""
    can = possible(device)
    if fault in can:
        return
    who = f"gateway {target}" if device is None else f"{device.kind} {target}"
    because = _gateway_because(fault) if device is None else _because(device, fault)
    other = ALIASES.get(fault, "")
    close = other if other in can else nearest(fault, can)
    hint = f"; did you mean `{close}`?" if close else ""
    reason = f" ({because})" if because else ""
    raise ValueError(f"{who} cannot be `{fault}`{reason}; possible: {', '.join(can)}{hint}")


def known(fault: str) -> None:
    """ValueError with the nearest word for what is no fault of anything."""
    words = {*TERMS, *(name for kind in KINDS.values() for name in kind.faults)}
    if fault not in words:
        close = ALIASES.get(fault) or nearest(fault, sorted(words))
        hint = f"; did you mean `{close}`?" if close else ""
        raise ValueError(f"no such fault: {fault!r}{hint}")


def check_rig(fault: str, rig: str) -> None:
    """ValueError with the reason if a rig cannot carry a fault."""
    term = TERMS.get(fault)
    if term is not None and term.wire_only and rig == "memory":
        raise ValueError(f"`{fault}` needs rig wire: {term.wire_only}")


def _gateway_because(fault: str) -> str:
    return "it is only the way to its devices" if fault in TERMS else ""


def _because(device: Device, fault: str) -> str:
    """Why a device cannot have a fault that others can."""
    term, gateway = TERMS.get(fault), device.gateway
    if term is None:
        return ""
    if fault == "off" and gateway:
        return f"{TRAITS['station']}; switch off its gateway {gateway}"
    if fault == "wrong" and device.kind == CALL_POINT:
        return "press it instead"
    if "gateway" in term.ways and len(term.ways) == 1:
        return f"only gateways can, such as {gateway}" if gateway else "only gateways can"
    if "station" in term.ways and gateway:
        return f"{TRAITS['station']}, only its gateway {gateway} has"
    return TRAITS[term.ways[-1].split("+")[0]]


def _amounts(who: str, fault: str, params: Mapping[str, object]) -> None:
    amount = TERMS[fault].amount
    key = amount.key if amount is not None else ""
    if amount is not None:
        given = params.get(key, amount.usual)
        if given is None or not amount.fits(given):
            raise ValueError(f"{who}: `{fault}` needs {key}, {amount.say}")
    _only(who, fault, params, (key, "seed") if key else ("seed",))


def _only(who: str, fault: str, params: Mapping[str, object], keys: Iterable[str]) -> None:
    extra = [key for key in params if key not in keys]
    if extra:
        close = nearest(extra[0], keys)
        hint = f"; did you mean `{close}`?" if close else ""
        raise ValueError(f"{who}: `{fault}` takes no `{extra[0]}`{hint}")
    seed = params.get("seed", 0)
    if type(seed) is not int or seed < 0:
        raise ValueError(f"{who}: seed is a whole number of 0 or more, not {seed!r}")
