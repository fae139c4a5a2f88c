"""Opens everything that the emulated devices of a site listen on, and says where it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Set
from dataclasses import replace
from typing import Any, Protocol

from controller.interface.clock import wait_for_event
from controller.interface.points import PointList
from devices.serve.access import Access
from devices.serve.gb28181 import GbEndpoint
from devices.serve.live import LiveDevices
from devices.serve.printer import PrinterServer
from scenarios.emulate.addresses import Place, Places
from scenarios.emulate.endpoints import endpoints
from scenarios.rig.failure import RigFailure

_READY_MS = 15_000
_LOOK_S = 0.02


class _Closing(Protocol):
    async def close(self) -> None:
        """End it."""
        ...


class Opening:
    """The servers of a session; `found`: where each really listens.

    `access` is the broker's, None where no device speaks MQTT; `relayed`: gateways and MQTT devices
    behind relays.
    """

    def __init__(
        self, points: PointList, live: LiveDevices, access: Access | None, relayed: Set[str]
    ) -> None:
        self._points, self._live, self._access = points, live, access
        self._relayed = relayed
        self._open: list[_Closing] = [live]
        at = Place("", 0) if access is None else Place(access.host, access.port)
        self.found = Places({}, at, {}, Place("", 0))

    async def open(self, places: Places, stop: asyncio.Event) -> None:
        """Listen everywhere and start the devices; returns when all MQTT devices are connected.

        RigFailure names a place that is taken, or says that some are still missing after 15 s.
        """
        for name, place in places.gateways.items():
            await self._gateway(name, place)
        for name, place in places.printers.items():
            await self._printer(name, place)
        await self._video(places.video)
        for name, place in places.receivers.items():
            listening = self._live.receive(name, place.host, place.port)
            self.found.receivers[name] = await _bound(f"receiver {name}", place, listening)
        for name in self._stations():
            if name in self._relayed and self._access is not None:
                await self._live.relay_station(name, self._access)
        self._live.soon()
        while self._live.stations.connected < len(self._stations()) and not stop.is_set():
            if self._live.over.done():
                self._live.over.result()
            if self._live.now() > _READY_MS:
                raise RigFailure(f"not all devices reached the broker within {_READY_MS // 1000} s")
            await wait_for_event(stop, _LOOK_S)

    def endpoints(self) -> list[dict[str, Any]]:
        """What a controller connects to."""
        scheme = "" if self._access is None else "mqtts" if self._access.tls else "mqtt"
        return endpoints(self._points, self.found, scheme)

    async def close(self) -> None:
        """End everything, the last opened first."""
        for one in reversed(self._open):
            await one.close()

    def _stations(self) -> list[str]:
        return [] if self._access is None else list(self._live.bank.stations)

    async def _gateway(self, name: str, place: Place) -> None:
        listening = self._live.listen(name, place.host, place.port, name in self._relayed)
        self.found.gateways[name] = await _bound(f"gateway {name}", place, listening)

    async def _printer(self, name: str, place: Place) -> None:
        server = PrinterServer(self._live.bank.printers[name])
        listening = server.start(place.host, place.port)
        self.found.printers[name] = await _bound(f"the printer of {name}", place, listening)
        self._live.outlets.append(server)
        self._open.append(server)

    async def _video(self, place: Place) -> None:
        agent = self._live.bank.video
        if agent is None:
            return
        endpoint = GbEndpoint(agent)
        binding = endpoint.start(place.host, place.port)
        at = await _bound("the GB/T 28181 device", place, binding)
        self.found = replace(self.found, video=at)
        self._live.outlets.append(endpoint)
        self._open.append(endpoint)


async def _bound(what: str, place: Place, binding: Awaitable[int]) -> Place:
    """Where it listens now; RigFailure if it cannot."""
    try:
        return Place(place.host, await binding)
    except OSError as error:
        raise RigFailure(
            f"{what} cannot listen on {place}: {error.strerror}; "
            "end what listens there, or choose with `--port`"
        ) from error
