"""What the drivers need of a connection: small protocols that sockets and memory both keep.

A link knows bytes and counts; it never knows what time it is. With links in memory nothing here
ever suspends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from controller.interface.modbus import Adu
from controller.interface.points import Device, Gateway


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says in the controller's name when its connection is lost; retained."""

    topic: str
    payload: bytes


class ModbusLink(Protocol):
    """One connection to a Modbus/TCP server."""

    @property
    def connected(self) -> bool:
        """Whether the connection stands, as far as is known."""
        ...

    async def connect(self) -> bool:
        """Open it; False if the server refuses or cannot be reached."""
        ...

    def send(self, adu: bytes) -> None:
        """Send one frame; on a lost connection it goes nowhere."""
        ...

    async def settle(self, count: int) -> None:
        """Wait until `count` frames have come on this connection, or it is lost."""
        ...

    def take(self) -> Sequence[Adu]:
        """The frames that came since the last call, in order."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class MqttLink(Protocol):
    """One session with a broker, subscribed to what the controller asked for."""

    @property
    def connected(self) -> bool:
        """Whether the session stands, as far as is known."""
        ...

    async def connect(self) -> bool:
        """Open a clean session and subscribe; False if the broker refuses or cannot be reached."""
        ...

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand one message to the broker, QoS 1; on a lost connection it goes nowhere."""
        ...

    async def settle(self, count: int) -> None:
        """Wait until `count` messages have come in this session, or it is lost.

        Repeats, known by (topic, boot, seq), count once.
        """
        ...

    def take(self) -> Sequence[tuple[str, bytes]]:
        """The messages (topic, payload) that came since the last call, in order."""
        ...

    def close(self) -> None:
        """Close it in good order, so that no will is published."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """A request over HTTP that is over: `status` 0 where nothing came back (`body` says why)."""

    number: int
    status: int
    body: bytes


class HttpLink(Protocol):
    """Requests to one receiver of notices, each on a connection of its own."""

    async def send(self, number: int, method: str, notice: str, body: bytes, wait: bool) -> bool:
        """Send one request; with `wait` not before the connection stands.

        False if the receiver refuses; without `wait` that is told as an end.
        """
        ...

    async def settle(self, count: int) -> None:
        """Wait until `count` requests in all have ended."""
        ...

    def take(self) -> Sequence[Ended]:
        """The ends that came since the last call, in the order of the requests."""
        ...

    def close(self) -> None:
        """End what is underway."""
        ...


class Links(Protocol):
    """Makes the connections of one site."""

    def modbus(self, gateway: Gateway) -> ModbusLink:
        """A link to a gateway, not yet connected."""
        ...

    def http(self, receiver: Device) -> HttpLink:
        """A link to a receiver of notices."""
        ...

    def mqtt(self, host: str, port: int, will: Will, filters: Sequence[str]) -> MqttLink:
        """A link to the broker, not yet connected."""
        ...
