"""The MQTT devices' connections to a broker in real time: who falls out comes back by itself.

Unlike in a run nothing is scripted: whatever the broker does, the devices live with it, with the
back-off that each station decides for itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import BrokerLostError, Connection
from devices.station import Station
from scenarios.emulate.stamps import inward, outward

CONNECT_MS = 5_000
"""How long a broker may take to answer a connect."""

Rewrite = Callable[[str, bytes], bytes]
"""Topic and payload to the payload that is really sent."""


class StationLink:
    """One station and its connection, if it has one."""

    def __init__(self, station: Station, epoch_ms: int, rewrite: Rewrite) -> None:
        self._station, self._epoch_ms, self._rewrite = station, epoch_ms, rewrite
        self._connection: Connection | None = None
        self._since_ms = 0
        self.client_id = station.client_id

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What the station wants to hear."""
        return self._station.subscriptions

    @property
    def up(self) -> bool:
        """Whether the station is connected and has said so."""
        return self._station.up

    def receive(self, topic: str, payload: bytes) -> None:
        """Take a command; its time becomes the device's own.

        One out of the broker's memory is nobody's present will: it is not obeyed.
        """
        if self._connection is not None and self._connection.from_memory:
            return
        self._station.receive(topic, inward(payload, self._epoch_ms))

    async def flush(self, now: int, changed: asyncio.Event, access: Access) -> None:
        """Bring the connection up to date and send what waits."""
        station, connection = self._station, self._connection
        if connection is None:
            if station.wants_link(now):
                await self._dial(now, changed, access)
            return
        if connection.closed or (not connection.ready and now - self._since_ms > CONNECT_MS):
            self._fall(now)
        elif connection.ready and station.off:
            connection.cut()
            self._fall(now)
        elif connection.ready:
            if not station.up:
                station.linked(now)
            self._send(connection)

    def close(self) -> None:
        """Say goodbye; no will is sent."""
        if self._connection is not None and not self._connection.closed:
            self._connection.goodbye()

    @property
    def closed(self) -> bool:
        """Whether there is no connection any more."""
        return self._connection is None or self._connection.closed

    async def _dial(self, now: int, changed: asyncio.Event, access: Access) -> None:
        will = self._outward(self._station.will)
        self._connection = connection = Connection(self, will, changed)
        self._since_ms = now
        try:
            await connection.connect(access)
        except BrokerLostError:
            self._fall(now)

    def _fall(self, now: int) -> None:
        if self._station.up:
            self._station.dropped(now)
        else:
            self._station.refused(now)
        self._connection = None

    def _send(self, connection: Connection) -> None:
        waiting = self._station.drain()
        if waiting:
            connection.publish(tuple(self._outward(p) for p in waiting))

    def _outward(self, p: Publication) -> Publication:
        payload = self._rewrite(p.topic, outward(p.payload, self._epoch_ms))
        return Publication(p.topic, payload, p.retain)


class StationLinks:
    """The connections of all stations; `changed` is set when any of them has news."""

    def __init__(
        self,
        stations: Mapping[str, Station],
        changed: asyncio.Event,
        epoch_ms: int,
        rewrite: Rewrite,
    ) -> None:
        self._links = [StationLink(s, epoch_ms, rewrite) for _, s in sorted(stations.items())]
        self._changed = changed

    @property
    def all_up(self) -> bool:
        """Whether every station is connected."""
        return all(link.up for link in self._links)

    async def flush(self, now: int, access: Access) -> None:
        """Connect, take note of losses, send."""
        for link in self._links:
            await link.flush(now, self._changed, access)

    async def close(self) -> None:
        """Say goodbye everywhere and wait until it is done."""
        for link in self._links:
            link.close()
        while not all(link.closed for link in self._links):
            self._changed.clear()
            await self._changed.wait()
