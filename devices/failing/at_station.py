"""How a device on MQTT fails: its power, its connection, its messages."""

from __future__ import annotations

from collections.abc import Callable

from controller.interface.points import Value
from devices.failing.at_device import in_machine, once
from devices.failing.speech import SPEECHES
from devices.machine import Machine
from devices.station import Station

End = Callable[[int], None]


def at_station(station: Station, machine: Machine, fault: str, value: Value, now: int) -> End:
    """Begin a fault of a station. Returns how to end it."""
    match fault:
        case "off":
            return _off(station, machine, fault, now)
        case "reboot":
            return _reboot(station, machine, int(value), now)
        case "refused":
            station.turn_away(True, now)
            return lambda at: station.turn_away(False, at)
        case "reset":
            station.trouble = "lost"
            return _nothing
        case "false-will":
            station.false_will()
            return _nothing
        case "reconnect-storm":
            return _again(station, "lost", int(value), now)
        case "client-id-clash":
            return _again(station, "clash", int(value), now)
        case "retained-command":
            station.leave_command(True)
            return lambda at: station.leave_command(False)
        case "deaf":
            station.deafen(fault, True)
            return lambda at: station.deafen(fault, False)
        case _:
            return _speak(station, fault, int(value))


def _off(station: Station, machine: Machine, why: str, now: int) -> End:
    """Off for a reason; the machine is on again when its station is."""
    station.switch(False, now, why)
    machine_on = in_machine(machine, "off", True, now)

    def end(at: int) -> None:
        station.switch(True, at, why)
        if not station.off:
            machine_on(at)

    return end


def _reboot(station: Station, machine: Machine, delay_ms: int, now: int) -> End:
    on = once(_off(station, machine, "reboot", now))
    machine.wiring.agenda.at(now + delay_ms, on)
    return on


def _again(station: Station, trouble: str, every_ms: int, now: int) -> End:
    """Lose the connection now and every so often."""
    over: list[int] = []

    def strike(at: int) -> None:
        if not over:
            station.trouble = trouble
            station.agenda.at(at + every_ms, strike)

    strike(now)
    return over.append


def _speak(station: Station, fault: str, value: int) -> End:
    speech = SPEECHES[fault](value)
    station.speech.append(speech)
    hung = fault == "hung"
    if hung:
        station.deafen(fault, True)

    def end(at: int) -> None:
        station.speech.remove(speech)
        if hung:
            station.deafen(fault, False)
        station.say_again()

    return end


def _nothing(at: int) -> None:
    """What was done cannot be undone, and needs not be."""
