"""The clock, the boot and the number that every message of an MQTT device carries."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.envelope import (
    encode_ack,
    encode_description,
    encode_heartbeat,
    encode_state,
    encode_status,
)
from controller.interface.points import Device, Quality, Value
from devices.describing import about, offer


class Stamps:
    """Makes the payloads of one device; numbers begin anew with every boot.

    `epoch_ms`: what the clock showed at time 0; times are given in ms of the run.
    """

    def __init__(self) -> None:
        self.epoch_ms = 0
        self._boot = ""
        self._seq = 0

    def restart(self, rng: Generator) -> None:
        """A new boot id."""
        self._boot = f"{int(rng.integers(2**32)):08x}"
        self._seq = 0

    def status(self, word: str, t_ms: int) -> bytes:
        """`ready` or `lost`."""
        return encode_status(t_ms + self.epoch_ms, self._next(), self._boot, word)

    def description(self, device: Device, t_ms: int) -> bytes:
        """What it is and offers."""
        told = offer(device), about(device, self.epoch_ms)
        return encode_description(t_ms + self.epoch_ms, self._next(), self._boot, *told)

    def state(self, value: Value, t_ms: int) -> bytes:
        """The value of a point."""
        now = t_ms + self.epoch_ms
        return encode_state(now, self._next(), self._boot, Quality.GOOD, value)

    def heartbeat(self, t_ms: int) -> bytes:
        """A sign of life."""
        return encode_heartbeat(t_ms + self.epoch_ms, self._next(), self._boot)

    def ack(self, order: str, result: str, value: Value, t_ms: int, led_by: int) -> bytes:
        """The answer to a command, by a device that the epoch `led_by` leads (0: none)."""
        now = t_ms + self.epoch_ms
        return encode_ack(now, self._next(), self._boot, order, result, value, led_by)

    def _next(self) -> int:
        self._seq += 1
        return self._seq
