"""The stations' connections in real time: each connects, drops and tries again by itself.

Nothing is scripted: whatever the broker does, the devices live with it, with the back-off that each
station decides for itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping

from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import BrokerLostError, Connection, Stranger
from devices.station import Station

CONNECT_MS = 5_000
"""How long a broker may take to answer a connect."""

WATCH_MS = 5_000
"""How often a connection is looked at; one on which nothing comes is asked for a sign of life."""

UNHEARD = 3
"""So many silent spells in a row, and the device gives the connection up: within 15 to 20 s."""

KEEPALIVE_S = 10
"""The broker gives a silent device up after one and a half of these (MQTT 3.1.1, 3.1.2.10)."""

_GOODBYE_S = 2.0


class _Ringing(asyncio.Event):
    """An event that also calls somebody, at once."""

    def __init__(self, heard: Callable[[], None]) -> None:
        super().__init__()
        self._heard = heard

    def set(self) -> None:
        """Call."""
        self._heard()


class _Ear:
    """A station's ear: what comes out of the broker's memory is nobody's present will.

    A command that was retained is not obeyed, whatever its time.
    """

    def __init__(self, station: Station) -> None:
        self.client_id = station.client_id
        self.connection: Connection
        self._station = station

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What the station wants to hear."""
        return self._station.subscriptions

    def receive(self, topic: str, payload: bytes) -> None:
        """Hand on what was sent just now, and who leads."""
        if not self.connection.from_memory or topic == self._station.fence.topic:
            self._station.receive(topic, payload)


class _Link:
    """A station and its connection, if it has one. `watch_ms`: when to see whether it lives."""

    __slots__ = ("connection", "dialing", "since_ms", "station", "unheard", "watch_ms")

    def __init__(self, station: Station) -> None:
        self.station = station
        self.connection: Connection | None = None
        self.dialing = False
        self.since_ms = self.watch_ms = self.unheard = 0


class LiveStations:
    """Keeps every station's connection as the station wants it; `noticed` when one has changed.

    `ways`: client id -> host and port of the relay in front of the broker, if there is one.
    """

    def __init__(
        self, stations: Mapping[str, Station], access: Access, noticed: Callable[[], None]
    ) -> None:
        self.ways: dict[str, tuple[str, int]] = {}
        self._links = [_Link(station) for station in stations.values()]
        self._access = access
        self._noticed = noticed
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        """How many stations are connected now."""
        return sum(link.station.up for link in self._links)

    def flush(self, now: int) -> None:
        """Notice what was lost, begin what is wanted, send what waits."""
        for link in self._links:
            station, connection = link.station, link.connection
            if connection is None:
                if not link.dialing and station.wants_link(now):
                    self._dial(link, now)
            elif connection.closed:
                _lost(link, now)
            elif not station.up:
                self._open(link, connection, now)
            elif station.off or station.barred or station.trouble:
                self._break(link, connection, now)
            else:
                if station.outbox:
                    connection.publish(station.drain())
                if now >= link.watch_ms:
                    _watch(link, connection, now)

    async def close(self) -> None:
        """Say goodbye on every connection, and wait a little until all are closed."""
        for task in self._tasks:
            task.cancel()
        over = asyncio.Event()
        self._noticed = over.set
        standing = [link.connection for link in self._links if link.connection is not None]
        for connection in standing:
            connection.goodbye()
        try:
            async with asyncio.timeout(_GOODBYE_S):
                while not all(connection.closed for connection in standing):
                    over.clear()
                    await over.wait()
        except TimeoutError:
            return

    def _open(self, link: _Link, connection: Connection, now: int) -> None:
        """Begin to talk, or give up a broker that took the connection and says nothing."""
        station = link.station
        if connection.ready and not (station.off or station.barred):
            link.watch_ms, link.unheard = now + WATCH_MS, 0
            station.linked(now)
            connection.publish(station.drain())
        elif station.off or station.barred or now - link.since_ms > CONNECT_MS:
            connection.cut()

    def _break(self, link: _Link, connection: Connection, now: int) -> None:
        """End a connection because the device is off, barred or in trouble."""
        station = link.station
        trouble, station.trouble = station.trouble, ""
        if trouble == "clash":
            self._start(self._clash(station.client_id))
            return
        link.connection = None
        connection.cut()
        station.dropped(now)
        if trouble:
            station.hurry(now)

    def _dial(self, link: _Link, now: int) -> None:
        if link.station.barred:
            link.station.refused(now)
            return
        link.dialing, link.since_ms = True, now
        self._start(self._connect(link, link.station.will))

    async def _connect(self, link: _Link, will: Publication) -> None:
        ear = _Ear(link.station)
        ear.connection = connection = Connection(ear, will, _Ringing(lambda: self._noticed()))
        try:
            await connection.connect(self._access, self.ways.get(ear.client_id))
        except BrokerLostError:
            connection.closed = True
        link.connection, link.dialing = connection, False
        self._noticed()

    async def _clash(self, client_id: str) -> None:
        stranger = Connection(Stranger(client_id), None, asyncio.Event())
        try:
            await stranger.connect(self._access)
        except BrokerLostError:
            return
        stranger.goodbye()

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _lost(link: _Link, now: int) -> None:
    link.connection = None
    if link.station.up:
        link.station.dropped(now)
    else:
        link.station.refused(now)


def _watch(link: _Link, connection: Connection, now: int) -> None:
    """A broker that has said nothing is asked, and given up when it still says nothing."""
    link.watch_ms = now + WATCH_MS
    link.unheard = 0 if connection.heard else link.unheard + 1
    if link.unheard >= UNHEARD:
        connection.cut()
    elif not connection.heard:
        connection.ping()
    connection.heard = False
