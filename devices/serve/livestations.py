"""The stations' connections in real time: each connects, drops and tries again by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import BrokerLostError, Connection
from devices.station import Station


class _Ringing(asyncio.Event):
    """An event that also calls somebody, at once."""

    def __init__(self, heard: Callable[[], None]) -> None:
        super().__init__()
        self._heard = heard

    def set(self) -> None:
        """Call."""
        self._heard()


class _Stranger:
    """Somebody with a client id that is not his."""

    subscriptions: tuple[str, ...] = ()

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id

    def receive(self, topic: str, payload: bytes) -> None:
        """He asked for nothing."""


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
                station.linked(now)
                connection.publish(station.drain())
            elif connection is None and self._may_dial(station, now):
                self._dial(station, now)

    async def close(self) -> None:
        """Say goodbye on every connection."""
        for task in self._tasks:
            task.cancel()
        for connection in self._open.values():
            connection.goodbye()
        self._open.clear()

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
        self._start(self._connect(station, station.will))

    async def _connect(self, station: Station, will: Publication) -> None:
        connection = Connection(station, will, _Ringing(self._noticed))
        try:
            await connection.connect(self._access)
        except BrokerLostError:
            connection.closed = True
        self._open[station.client_id] = connection
        self._dialing.discard(station.client_id)
        self._noticed()

    async def _clash(self, client_id: str) -> None:
        stranger = Connection(_Stranger(client_id), None, asyncio.Event())
        try:
            await stranger.connect(self._access)
        except BrokerLostError:
            return
        stranger.goodbye()

    def _start(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
