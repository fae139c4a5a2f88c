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
        """Hand on what was sent just now."""
        if not self.connection.from_memory:
            self._station.receive(topic, payload)


class LiveStations:
    """Keeps every station's connection as the station wants it; `noticed` when one has changed."""

    def __init__(
        self, stations: Mapping[str, Station], access: Access, noticed: Callable[[], None]
    ) -> None:
        self._stations = list(stations.values())
        self._access = access
        self._noticed = noticed
        self._open: dict[str, Connection] = {}
        self._dialing: set[str] = set()
        self._since: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        """How many stations are connected now."""
        return sum(station.up for station in self._stations)

    def flush(self, now: int) -> None:
        """Notice what was lost, begin what is wanted, send what waits."""
        for station in self._stations:
            connection = self._open.get(station.client_id)
            if connection is not None and connection.closed:
                self._lost(station, connection, now)
            elif station.up and (station.off or station.barred or station.trouble):
                self._break(station, now)
            elif station.up:
                if station.outbox and connection is not None:
                    connection.publish(station.drain())
            elif connection is not None and connection.ready:
                self._welcome(station, connection, now)
            elif connection is not None:
                self._hasten(station, connection, now)
            elif self._may_dial(station, now):
                self._dial(station, now)

    async def close(self) -> None:
        """Say goodbye on every connection, and wait a little until all are closed."""
        for task in self._tasks:
            task.cancel()
        over = asyncio.Event()
        self._noticed = over.set
        for connection in self._open.values():
            connection.goodbye()
        try:
            async with asyncio.timeout(_GOODBYE_S):
                while not all(connection.closed for connection in self._open.values()):
                    over.clear()
                    await over.wait()
        except TimeoutError:
            pass
        self._open.clear()

    def _welcome(self, station: Station, connection: Connection, now: int) -> None:
        station.linked(now)
        connection.publish(station.drain())

    def _hasten(self, station: Station, connection: Connection, now: int) -> None:
        """Give up a broker that took the connection and says nothing, or a device that is off."""
        if station.off or now - self._since[station.client_id] > CONNECT_MS:
            connection.cut()

    def _may_dial(self, station: Station, now: int) -> bool:
        return station.client_id not in self._dialing and station.wants_link(now)

    def _lost(self, station: Station, connection: Connection, now: int) -> None:
        del self._open[station.client_id]
        if station.up:
            station.dropped(now)
        else:
            station.refused(now)

    def _break(self, station: Station, now: int) -> None:
        """End a connection because the device is off, barred or in trouble."""
        trouble, station.trouble = station.trouble, ""
        if trouble == "clash":
            self._start(self._clash(station.client_id))
            return
        self._open.pop(station.client_id).cut()
        station.dropped(now)
        if trouble:
            station.hurry(now)

    def _dial(self, station: Station, now: int) -> None:
        if station.barred:
            station.refused(now)
            return
        self._dialing.add(station.client_id)
        self._since[station.client_id] = now
        self._start(self._connect(station, station.will))

    async def _connect(self, station: Station, will: Publication) -> None:
        ear = _Ear(station)
        ear.connection = connection = Connection(ear, will, _Ringing(lambda: self._noticed()))
        try:
            await connection.connect(self._access)
        except BrokerLostError:
            connection.closed = True
        self._open[station.client_id] = connection
        self._dialing.discard(station.client_id)
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
