"""How a device fails: at its terminals, in its machine, or with its mains."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from numpy.random import Generator

from controller.interface.points import Value
from devices.failing.obeying import OBEYINGS
from devices.failing.reporting import REPORTINGS
from devices.failing.sensing import SENSINGS
from devices.machine import Machine, Settling
from devices.wiring import Wiring

End = Callable[[int], None]
_T = TypeVar("_T")


def at_device(
    machine: Machine, trait: str, fault: str, value: Value, rng: Generator, now: int
) -> End:
    """Begin a fault of a device, acting on one of its traits. Returns how to end it."""
    wiring = machine.wiring
    match trait:
        case "senses":
            return _enter(wiring.sensing, SENSINGS[fault](rng, float(value), now))
        case "reads" | "bits" | "numbers":
            return reporting(wiring, fault, value, rng, now)
        case "writes":
            return _enter(wiring.obeying, OBEYINGS[fault](wiring.agenda, int(value)))
        case "powered":
            _mains(machine, False, now)
            return partial(_mains, machine, True)
        case _:
            return in_machine(machine, fault, value, now)


def reporting(wiring: Wiring, fault: str, value: Value, rng: Generator, now: int) -> End:
    """Begin a fault of what a device reports."""
    standing = REPORTINGS[fault](wiring, rng, int(value))
    wiring.reporting.append(standing)
    standing.begin(now)

    def end(at: int) -> None:
        wiring.reporting.remove(standing)
        standing.end(at)

    return end


def in_machine(machine: Machine, fault: str, value: Value, now: int) -> End:
    """Begin one of the faults that a kind of device declares for itself."""
    _fault(machine, fault, True, value, now)
    return partial(_fault, machine, fault, False, None)


def _fault(machine: Machine, fault: str, begins: bool, value: Value | None, at: int) -> None:
    machine.wiring.fault(fault, begins, value)
    if isinstance(machine, Settling):
        machine.settle(at)


def once(end: End) -> End:
    """What ends at its own time or when it is told to, whichever is first, and then no more."""
    done: list[int] = []

    def first(at: int) -> None:
        if not done:
            done.append(at)
            end(at)

    return first


def _mains(machine: Machine, on: bool, at: int) -> None:
    machine.wiring.power("fault", on)
    if isinstance(machine, Settling):
        machine.settle(at)


def _enter(standing: list[_T], fault: _T) -> End:
    standing.append(fault)
    return lambda at: standing.remove(fault)
