"""What drivers tell the scan: readings, answers to commands, and how the connections fare."""

from __future__ import annotations

from typing import Any, Protocol

from controller.interface.points import Quality, Value


class Witness(Protocol):
    """Hears what was read, what is doubted and how connections fare."""

    def reading(self, point: str, value: Value, quality: Quality, t_ms: int) -> None:
        """A point was read; `t_ms` when it was asked for, or when its message came."""
        ...

    def doubt(self, point: str, quality: Quality) -> None:
        """A point's last value can no longer be trusted."""
        ...

    def comms(self, entity: str, what: str, **data: Any) -> None:
        """Something about a gateway, a device or the broker worth recording.

        `lost` and `restored`, `frozen` and `moves` (with the `unit` of a gateway) come in pairs.
        """
        ...


class Listener(Witness, Protocol):
    """The scan's ear. Calls come within a scan, in an order that does not hang on the rig."""

    def answer(self, command: str, result: str) -> None:
        """A command was answered: ok, rejected, expired, busy or interlock."""
        ...

    def silence(self, command: str) -> None:
        """The driver has given up waiting for the answer to a command."""
        ...

    def returned(self, devices: frozenset[str], *, again: bool) -> None:
        """The way to devices is open again; `again`: they may have forgotten their outputs."""
        ...


class EventListener(Listener, Protocol):
    """An ear for devices that also tell what happened once."""

    def event(self, point: str, value: Value, quality: Quality, t_ms: int) -> None:
        """Something happened once; `t_ms` by the device's clock, on that of the scan."""
        ...


class DeliveryListener(Protocol):
    """An ear for what becomes of notices."""

    def delivery(self, receiver: str, what: str, notice: str, **data: Any) -> None:
        """What became of a notice: sent, asked, taken, acknowledged, or how it failed."""
        ...
