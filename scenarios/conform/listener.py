"""An MQTT client for tests: keeps every message with its time, retained flag and QoS."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from controller.interface.clock import wall_us
from scenarios.conform.news import News
from scenarios.conform.target import MqttTarget, UnreachableError

CONNECT_S = 5.0
_numbers = count(1)


def own_id() -> str:
    """A client id that nobody has, not even another test at the same time."""
    return f"conform-{os.getpid()}-{next(_numbers)}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message; `at_ms` on this machine's clock, `leaf` below the device's topic."""

    at_ms: float
    leaf: str
    payload: bytes
    retained: bool
    qos: int


class Listener:
    """A connection of its own. paho reads in a thread; everything else is in the loop."""

    def __init__(self, target: MqttTarget, client_id: str) -> None:
        self.client_id = client_id
        self.heard: list[Heard] = []
        self.ready = False
        self.lost = False
        self._refused = ""
        self._base = target.topic("")
        self._target = target
        self._loop = asyncio.get_running_loop()
        self._news = News()
        self._client = client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id, reconnect_on_failure=False
        )
        user, password = target.login(client_id)
        if user:
            client.username_pw_set(user, password)
        self._tls = ssl.create_default_context(cafile=target.cafile) if target.tls else None
        if self._tls is not None:
            client.tls_set_context(self._tls)
        client.on_socket_open = _without_delay
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect

    @classmethod
    async def open(cls, target: MqttTarget, client_id: str, leaf: str = "#") -> Listener:
        """Connect and subscribe to a leaf ("" for none); UnreachableError with a sentence."""
        listener = cls(target, client_id)
        await listener._connect(leaf)
        return listener

    async def _connect(self, leaf: str) -> None:
        target = self._target
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._shake_hands()
                await asyncio.to_thread(self._client.connect, target.host, target.port, 30)
        except (OSError, TimeoutError) as error:
            raise UnreachableError(
                f"the broker at {target.host}:{target.port} cannot be reached: {_why(error)}"
            ) from error
        self._leaf = leaf
        self._client.loop_start()
        if not await self.until(lambda: self.ready or self.lost, CONNECT_S * 1000) or self.lost:
            await self.close()
            why = self._refused or "it does not answer the connect"
            raise UnreachableError(f"the broker at {target.host}:{target.port}: {why}")

    async def _shake_hands(self) -> None:
        """Try TLS before paho does, which leaves its socket open where that fails."""
        if self._tls is not None:
            _, writer = await asyncio.open_connection(
                self._target.host, self._target.port, ssl=self._tls
            )
            writer.close()

    async def until(self, reached: Callable[[], bool], patience_ms: float) -> bool:
        """Wait until something is so; whether it came to be in time."""
        return await self._news.until(reached, patience_ms)

    async def first(
        self, fits: Callable[[Heard], bool], since: int, patience_ms: float
    ) -> Heard | None:
        """Return the first message from number `since` on that fits; None if none comes in time."""
        found: list[Heard] = []
        place = since

        def look() -> bool:
            nonlocal place
            while place < len(self.heard) and not found:
                if fits(self.heard[place]):
                    found.append(self.heard[place])
                place += 1
            return bool(found)

        await self.until(look, patience_ms)
        return found[0] if found else None

    def publish(self, leaf: str, payload: bytes, *, retain: bool = False) -> float:
        """Publish with QoS 1; returns when (ms)."""
        at = wall_us() / 1000
        self._client.publish(self._base + leaf, payload, 1, retain)
        return at

    async def close(self) -> None:
        """Say goodbye and end the thread."""
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _tell(self, what: Callable[[], None]) -> None:
        """Do something in the loop; nothing once it is closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what)

    def _on_connect(self, client: paho.Client, *args: Any) -> None:
        if args[2].is_failure:
            self._refused = str(args[2])
            self._tell(self._set_lost)
        elif self._leaf:
            client.subscribe(self._base + self._leaf, 1)
        else:
            self._tell(self._set_ready)

    def _on_subscribe(self, *args: Any) -> None:
        self._tell(self._set_ready)

    def _on_message(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        if not message.topic.startswith(self._base):
            return
        leaf = message.topic.removeprefix(self._base)
        at_ms = wall_us() / 1000
        payload = bytes(message.payload)
        heard = Heard(at_ms, leaf, payload, bool(message.retain), message.qos)
        self._tell(lambda: self._keep(heard))

    def _on_disconnect(self, *args: Any) -> None:
        self._tell(self._set_lost)

    def _keep(self, heard: Heard) -> None:
        self.heard.append(heard)
        self._news.set()

    def _set_ready(self) -> None:
        self.ready = True
        self._news.set()

    def _set_lost(self) -> None:
        self.lost = True
        self._news.set()


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}); say its CA with --cafile"
    if isinstance(error, ssl.SSLError):
        return f"it does not speak TLS ({error.reason or error})"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return f"no answer within {CONNECT_S:g} s"


def _without_delay(_client: Any, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
