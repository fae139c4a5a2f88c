"""The connections of all stations to a real broker, in step with the book of what must be.

What happens is decided by `Links`, on the run's clock; here the same steps are taken on sockets,
and waited for. QoS 1, clean sessions, TCP_NODELAY, no automatic reconnection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from devices.failing.leaving import left_behind
from devices.links import Act, Links, Step
from devices.serve.access import Access
from devices.serve.connection import BrokerLostError, Connection, Stranger
from devices.station import Station


class DeviceConnections:
    """The connections of all stations to a real broker; `links` is the book of what must be."""

    def __init__(self, links: Links, stations: Mapping[str, Station], access: Access) -> None:
        self._links = links
        self._stations = stations
        self._access = access
        self._open: dict[str, Connection] = {}
        self._changed = asyncio.Event()
        self._missed: dict[str, int] = {}
        self._expected: dict[str, int] = {}
        self._left: dict[str, int] = {}

    async def flush(self, now: int) -> None:
        """Cut, connect and publish as the stations want it at `now`; waits for every connection.

        BrokerLostError when the broker does not do what the script says it must.
        """
        steps = self._links.flush(now)
        await self._intrude([s for s in steps if s.act is Act.CLASH])
        await self._end([s for s in steps if s.act in (Act.DROP, Act.LOSE, Act.CLASH)])
        await self._connect([s for s in steps if s.act is Act.CONNECT])
        for step in steps:
            if step.send:
                self._standing(step.station).publish(step.send)
        self._count_left()

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
                wanted = count - self._missed.get(name, 0) + self._left.get(name, 0)
                await self._until(partial(_has, station, wanted), [name])

    async def close(self) -> None:
        """Say goodbye on every connection and wait until all are closed."""
        for connection in self._open.values():
            connection.goodbye()
        await self._until(lambda: all(c.closed for c in self._open.values()), ())
        self._open.clear()

    def _count_left(self) -> None:
        """Commands that were left in the broker come too, beside those of the controller."""
        exchange = self._links.exchange
        for name in exchange.waiting():
            if name in self._stations:
                left = sum(left_behind(payload) for _, payload in exchange.take(name))
                self._left[name] = self._left.get(name, 0) + left

    async def _intrude(self, steps: list[Step]) -> None:
        """A stranger takes over each client id and leaves."""
        for step in steps:
            stranger = Connection(Stranger(step.station.client_id), None, self._changed)
            await stranger.connect(self._access)
            await self._until(lambda s=stranger: s.ready or s.closed, ())  # type: ignore[misc]
            stranger.goodbye()
            await self._until(lambda s=stranger: s.closed, ())  # type: ignore[misc]

    def _standing(self, station: Station) -> Connection:
        connection = self._open[station.client_id]
        if connection.closed:
            raise BrokerLostError(self._why(station.client_id))
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
            await connection.connect(self._access)
        await self._until(lambda: all(self._open[name].ready for name in names), names)

    async def _until(self, reached: Callable[[], bool], needed: Sequence[str]) -> None:
        """Wait for a state of affairs; BrokerLostError if a connection that it needs is closed."""
        while not reached():
            for name in needed:
                if self._open[name].closed:
                    raise BrokerLostError(self._why(name))
            self._changed.clear()
            await self._changed.wait()

    def _why(self, name: str) -> str:
        refusal = self._open[name].refusal
        if refusal:
            return f"the broker refused {name}: {refusal}"
        return f"the broker closed the connection of {name}"


def _has(station: Station, commands: int) -> bool:
    return station.received >= commands
