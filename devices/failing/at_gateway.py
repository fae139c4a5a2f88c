"""How a gateway fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from numpy.random import Generator

from controller.interface.points import Value
from devices.agenda import Agenda
from devices.failing.at_device import once, reporting
from devices.failing.framing import FRAMINGS
from devices.failing.wording import WORDINGS
from devices.gateway import Gateway
from devices.machine import Machine

End = Callable[[int], None]
_T = TypeVar("_T")


def at_gateway(
    gateway: Gateway,
    behind: Sequence[Machine],
    agenda: Agenda,
    fault: str,
    value: Value,
    rng: Generator,
    now: int,
) -> End:
    """Begin a fault of a gateway; `behind` are its devices. Returns how to end it."""
    if fault in FRAMINGS:
        return _enter(gateway.framings, FRAMINGS[fault](rng, value))  # type: ignore[arg-type]
    if fault in WORDINGS:
        return _enter(gateway.wordings, WORDINGS[fault](int(value)))
    match fault:
        case "slow":
            gateway.slow(int(value), now)
            return lambda at: gateway.slow(0, at)
        case "refused":
            gateway.refusing = True
            return lambda at: setattr(gateway, "refusing", False)
        case "delayed" | "frozen":
            ends = [reporting(m.wiring, fault, value, rng, now) for m in behind]
            return lambda at: _all(ends, at)
        case "reboot":
            gateway.switch(on=False, why=fault)
            on = once(lambda at: gateway.switch(on=True, why=fault))
            agenda.at(now + int(value), on)
            return on
        case _:
            gateway.switch(on=False)
            return lambda at: gateway.switch(on=True)


def _enter(standing: list[_T], fault: _T) -> End:
    standing.append(fault)
    return lambda at: standing.remove(fault)


def _all(ends: Sequence[End], at: int) -> None:
    for end in ends:
        end(at)
