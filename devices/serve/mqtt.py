"""Real MQTT connections for all stations: paho clients in one asyncio loop, without threads.

What happens is decided by `Links`, on the run's clock; here the same steps are taken on sockets,
and waited for. QoS 1, clean sessions, TCP_NODELAY, no automatic reconnection.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from paho.mqtt.client import Client as Paho
from paho.mqtt.client import (
    ConnectFlags,
    DisconnectFlags,
    MQTTMessage,
    MQTTv311,
)
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from devices.exchange import Publication
from devices.links import Act, Links, Step
from devices.station import Station


class BrokerLostError(ConnectionError):
    """The broker closed or refused a connection that, by the run's script, must stand."""


class Client(Protocol):
    """Whose connection it is: a station, or whoever else listens."""

    client_id: str

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What it wants to hear."""
        ...

    def receive(self, topic: str, payload: bytes) -> None:
        """Take a message."""
        ...


class Connection:
    """One client's connection; `changed` is set whenever its state or its inbox changed."""

    def __init__(self, client: Client, will: Publication | None, changed: asyncio.Event) -> None:
        self.ready = False
        self.closed = False
        self._waits = False
        self._owner = client
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._paho = paho = Paho(
            CallbackAPIVersion.VERSION2,
            client.client_id,
            clean_session=True,
            protocol=MQTTv311,
            reconnect_on_failure=False,
        )
        if will is not None:
            paho.will_set(will.topic, will.payload, 1, will.retain)
        paho.on_socket_open = self._opened
        paho.on_socket_close = self._closing
        paho.on_connect = self._connected
        paho.on_subscribe = self._subscribed
        paho.on_message = self._arrived
        paho.on_disconnect = self._disconnected

    def connect(self, host: str, port: int) -> None:
        """Open the socket and say hello; `ready` follows. BrokerLostError if nobody listens."""
        try:
            self._paho.connect(host, port, keepalive=0)
        except OSError as error:
            name = self._owner.client_id
            raise BrokerLostError(f"the broker at {host}:{port} refused {name}: {error}") from error
        self._pump()

    def publish(self, publications: tuple[Publication, ...]) -> None:
        """Send messages with QoS 1, in order."""
        for p in publications:
            self._paho.publish(p.topic, p.payload, 1, p.retain)
        self._pump()

    def cut(self) -> None:
        """Drop the connection without a word, as a power cut does; the broker sends the will."""
        sock = self._socket()
        if sock is not None:
            sock.shutdown(socket.SHUT_RDWR)

    def goodbye(self) -> None:
        """Disconnect in order; no will is sent."""
        self._paho.disconnect()
        self._pump()

    def _socket(self) -> socket.socket | None:
        sock = self._paho.socket()
        return sock if isinstance(sock, socket.socket) else None

    def _pump(self) -> None:
        """Write what waits; what does not fit the socket now follows when it can be written."""
        paho = self._paho
        if paho.want_write():
            paho.loop_write()
        waits = paho.want_write()
        sock = self._socket() if waits != self._waits else None
        if sock is None:
            return
        self._waits = waits
        if waits:
            self._loop.add_writer(sock, self._pump)
        else:
            self._loop.remove_writer(sock)

    def _read(self) -> None:
        self._paho.loop_read()
        self._pump()

    def _opened(self, client: Paho, userdata: object, sock: object) -> None:
        assert isinstance(sock, socket.socket)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop.add_reader(sock, self._read)

    def _closing(self, client: Paho, userdata: object, sock: object) -> None:
        assert isinstance(sock, socket.socket)
        self._loop.remove_reader(sock)
        self._loop.remove_writer(sock)

    def _connected(
        self,
        client: Paho,
        userdata: object,
        flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        topics = [(topic, 1) for topic in self._owner.subscriptions]
        if topics and not reason.is_failure:
            client.subscribe(topics)
        else:
            self.ready = not reason.is_failure
            self._changed.set()

    def _subscribed(
        self,
        client: Paho,
        userdata: object,
        mid: int,
        reasons: list[ReasonCode],
        properties: Properties | None,
    ) -> None:
        self.ready = True
        self._changed.set()

    def _arrived(self, client: Paho, userdata: object, message: MQTTMessage) -> None:
        self._owner.receive(message.topic, bytes(message.payload))
        self._changed.set()

    def _disconnected(
        self,
        client: Paho,
        userdata: object,
        flags: DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self.closed = True
        self._changed.set()


class DeviceConnections:
    """The connections of all stations to a real broker; `links` is the book of what must be."""

    def __init__(self, links: Links, stations: Mapping[str, Station], host: str, port: int) -> None:
        self._links = links
        self._stations = stations
        self._host, self._port = host, port
        self._open: dict[str, Connection] = {}
        self._changed = asyncio.Event()
        self._missed: dict[str, int] = {}
        self._expected: dict[str, int] = {}

    async def flush(self, now: int) -> None:
        """Cut, connect and publish as the stations want it at `now`; waits for every connection.

        BrokerLostError when the broker does not do what the script says it must.
        """
        steps = self._links.flush(now)
        await self._end([s for s in steps if s.act in (Act.DROP, Act.LOSE)])
        await self._connect([s for s in steps if s.act is Act.CONNECT])
        for step in steps:
            if step.send:
                self._standing(step.station).publish(step.send)

    async def settle(self, expected: Mapping[str, int]) -> None:
        """Wait until every device that is connected has its commands.

        `expected`: device -> commands published to it since the start; those published while it
        was away are lost, as the broker keeps nothing for it.
        """
        for name, count in expected.items():
            station = self._stations.get(name)
            if station is None:
                continue
            if not station.up:
                new = count - self._expected.get(name, 0)
                self._missed[name] = self._missed.get(name, 0) + new
            self._expected[name] = count
            if station.up:
                wanted = count - self._missed.get(name, 0)
                await self._until(partial(_has, station, wanted), [name])

    async def close(self) -> None:
        """Say goodbye on every connection and wait until all are closed."""
        for connection in self._open.values():
            connection.goodbye()
        await self._until(lambda: all(c.closed for c in self._open.values()), ())
        self._open.clear()

    def _standing(self, station: Station) -> Connection:
        connection = self._open[station.client_id]
        if connection.closed:
            raise BrokerLostError(f"the broker closed the connection of {station.client_id}")
        return connection

    async def _end(self, steps: list[Step]) -> None:
        ending = [self._open.pop(step.station.client_id) for step in steps]
        for step, connection in zip(steps, ending, strict=True):
            if step.act is Act.LOSE:
                connection.cut()
        await self._until(lambda: all(c.closed for c in ending), ())

    async def _connect(self, steps: list[Step]) -> None:
        names = [step.station.client_id for step in steps]
        for step in steps:
            assert step.will is not None
            connection = Connection(step.station, step.will, self._changed)
            self._open[step.station.client_id] = connection
            connection.connect(self._host, self._port)
        await self._until(lambda: all(self._open[name].ready for name in names), names)

    async def _until(self, reached: Callable[[], bool], needed: Sequence[str]) -> None:
        """Wait for a state of affairs; BrokerLostError if a connection that it needs is closed."""
        while not reached():
            for name in needed:
                if self._open[name].closed:
                    raise BrokerLostError(f"the broker closed the connection of {name}")
            self._changed.clear()
            await self._changed.wait()


def _has(station: Station, commands: int) -> bool:
    return station.received >= commands
