"""Rig `wire`: a real broker, real Modbus/TCP servers, the controller in a process of its own.

Counts make it lock-step: nothing goes on before what was sent has arrived. Waiting is wall-clock
and can only end the run, naming who was awaited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Protocol

from controller.interface import envelope, topics
from controller.interface.cameras.dialects import camera_filters
from controller.interface.clock import Done, Grant
from devices.exchange import Publication
from devices.serve.connection import BrokerLostError
from devices.serve.modbus import ModbusServer
from devices.serve.mqtt import DeviceConnections
from devices.serve.webhook import WebhookServer
from scenarios.rig.books import CONTROLLER, Books
from scenarios.rig.broker import Broker
from scenarios.rig.failure import RigFailure
from scenarios.rig.process import WATCHDOG_S, ControllerProcess
from scenarios.rig.shadow import Shadow


class Outlet(Protocol):
    """Where devices say something that no controller of ours reads: a printer, a video platform."""

    def send(self) -> None:
        """Say what waits."""
        ...


class WireField:
    """Sockets between devices and controller, with the books beside them."""

    def __init__(
        self,
        books: Books,
        site: str,
        broker: Broker,
        servers: Mapping[str, ModbusServer],
        connections: DeviceConnections,
        controller: ControllerProcess,
        shadow: Shadow,
        outlets: Sequence[Outlet] = (),
        webhooks: Mapping[str, WebhookServer] | None = None,
    ) -> None:
        self._books, self._site, self._broker = books, site, broker
        self._servers, self._connections = servers, connections
        self._shadow = shadow
        self._controller = controller
        self._outlets = outlets
        self._webhooks = webhooks or {}

    async def flush(self, now: int) -> None:
        """Bring stations up to date on their sockets, send late replies."""
        self._books.now = now
        self._shadow.step(now)
        if self._broker.ended() is not None:
            raise RigFailure(
                f"the {self._broker.kind} broker ended by itself at t = {now} ms "
                f"(exit code {self._broker.ended()})"
            )
        await self._guard(self._connections.flush(now), "the broker to take the devices' messages")
        self._books.exchange.take(CONTROLLER)
        for name, server in self._servers.items():
            try:
                await server.send_due(now)
            except OSError as error:
                raise RigFailure(f"gateway {name} cannot listen again: {error}") from error
        for webhook in self._webhooks.values():
            await webhook.send_due(now)
        for outlet in self._outlets:
            outlet.send()

    def grant(self, now: int, stop: bool) -> Grant:
        """Return the grant for this slice."""
        return self._books.grant(now, stop)

    async def step(self, grant: Grant) -> Done:
        """Let the controller scan; a session that it opened goes into the books."""
        done = await self._controller.step(grant)
        if done.session > self._books.session:
            self._introduce(done)
        self._books.scanned(done)
        return done

    def _introduce(self, done: Done) -> None:
        """Enter the controller's new session, and its `ready`, in the exchange's book."""
        topic = topics.join(self._site, *topics.CONTROLLER, "status")
        will = Publication(topic, envelope.encode_status(0, 0, CONTROLLER, "lost"), retain=True)
        exchange = self._books.exchange
        filters = topics.controller_filters(self._site) + camera_filters(
            station.device for station in self._books.bank.stations.values()
        )
        if not exchange.connect(CONTROLLER, will, filters):
            raise RigFailure("the controller is connected to a broker that should be down")
        ready = envelope.encode_status(done.t_ms, done.session, CONTROLLER, "ready")
        exchange.publish(CONTROLLER, Publication(topic, ready, retain=True))

    async def collect(self, done: Done) -> None:
        """Wait until every command and every request has arrived."""
        await self._guard(
            self._connections.settle(done.published), "the controller's commands to arrive"
        )
        for name, webhook in self._webhooks.items():
            asked = webhook.settle(done.requests.get(name, 0))
            await self._guard(asked, f"the controller's notices to reach {name}")
        for name, count in done.requests.items():
            if name not in self._servers:  # a real one: nobody counts what reaches it
                continue
            await self._guard(
                self._servers[name].settle(count), f"the controller's requests to reach {name}"
            )

    async def restart_broker(self, up: bool) -> None:
        """Kill the broker process, or start it again on the same port."""
        if up:
            await self._broker.start()
        else:
            await self._broker.stop()
        self._books.broker(up)

    async def stop(self, now: int) -> None:
        """Tell the controller that the run is over."""
        await self._controller.stop(self._books.grant(now, stop=True))

    async def _guard(self, work: Awaitable[None], awaited: str) -> None:
        """Bound a wait by wall-clock time; RigFailure names what was awaited."""
        now = self._books.now
        try:
            async with asyncio.timeout(WATCHDOG_S):
                await work
        except TimeoutError as error:
            raise RigFailure(
                f"waited {WATCHDOG_S:.0f} s of wall-clock time at t = {now} ms for {awaited}"
                + self._suspect()
            ) from error
        except (BrokerLostError, ConnectionError) as error:
            raise RigFailure(f"at t = {now} ms: {error}{self._suspect()}") from error

    def _suspect(self) -> str:
        code = self._broker.ended()
        return "" if code is None else f"; the {self._broker.kind} broker has ended (code {code})"
