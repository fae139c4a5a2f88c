"""An MQTT 3.1.1 session on paho, driven by the asyncio loop: no threads, no automatic reconnect.

Every connect makes a client of its own, so that paho cannot send again on its own account what the
controller may have thought better of since.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from controller.drivers.arrival import Arrival
from controller.drivers.entry import Entry
from controller.drivers.inbox import Inbox
from controller.drivers.links import Will
from controller.interface.mqttclient import MqttClient
from controller.interface.topics import matches

CONNECT_S = 5.0
KEEPALIVE_S = 60
_MISC_S = 5.0
_MOST_TOPICS = 100_000
"""Topics remembered as asked for; under a filter with `+` anybody may make up any number."""


class BrokerLink:
    """A link to one broker; wall-clock limits here only decide that an attempt failed."""

    def __init__(
        self,
        host: str,
        port: int,
        client_id: str,
        will: Will,
        filters: Sequence[str],
        entry: Entry | None = None,
    ) -> None:
        self._entry = entry or Entry()
        self._host, self._port = host, port
        self._client_id, self._will, self._filters = client_id, will, tuple(filters)
        self._arrival = Arrival()
        self._client: MqttClient | None = None
        self._subscribed = False
        self._failed = False
        self._known: set[str] = set()
        self._inbox = Inbox()
        self._messages: list[tuple[str, bytes]] = []
        self._misc: asyncio.TimerHandle | None = None

    @property
    def connected(self) -> bool:
        """Whether the session stands, as far as is known."""
        return self._subscribed and not self._failed

    async def connect(self) -> bool:
        """Open a clean session and subscribe; False if the broker refuses or is out of reach."""
        self._drop()
        self._failed = self._subscribed = False
        self._inbox, self._messages = Inbox(), []
        client = self._new_client()
        try:
            async with asyncio.timeout(CONNECT_S):
                await asyncio.to_thread(client.connect, self._host, self._port, KEEPALIVE_S)
                self._attach(client)
                while not (self._subscribed or self._failed):
                    await self._arrival.wait()
        except OSError:  # TimeoutError is one too
            self._failed = True
        if self._failed:
            self._drop()
        return self.connected

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand one message to the broker, QoS 1; on a lost connection it goes nowhere."""
        if self._client is not None and self.connected:
            self._client.publish(topic, payload, qos=1, retain=retain)
            self._pump(self._client)

    async def settle(self, count: int) -> None:
        """Wait until `count` messages have come in this session, or it is lost."""
        while self._inbox.count < count and self.connected:
            await self._arrival.wait()

    def take(self) -> list[tuple[str, bytes]]:
        """The messages that came since the last call, in the order they came."""
        messages, self._messages = self._messages, []
        return messages

    def close(self) -> None:
        """Say goodbye, so that no will is published."""
        if self._client is not None and self.connected:
            self._client.disconnect()
            self._pump(self._client)
        self._drop()

    def _new_client(self) -> MqttClient:
        client = MqttClient(
            CallbackAPIVersion.VERSION2, self._client_id, protocol=paho.MQTTv311,
            reconnect_on_failure=False,
        )  # fmt: skip
        client.connect_timeout = CONNECT_S
        client.will_set(self._will.topic, self._will.payload, qos=1, retain=True)
        if self._entry.username:
            client.username_pw_set(self._entry.username, self._entry.password)
        if self._entry.tls is not None:
            client.tls_set_context(self._entry.tls)
        client.on_socket_open = _without_delay
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _attach(self, client: MqttClient) -> None:
        """From here on the loop reads and writes the client's socket."""
        loop, sock = asyncio.get_running_loop(), client.socket()
        if sock is None:
            self._failed = True
            return
        self._client = client
        client.on_socket_close = _forget_socket
        loop.add_reader(sock, self._read, client)
        self._pump(client)
        self._tick(loop, client)

    def _read(self, client: MqttClient) -> None:
        if client.read_all():
            self._pump(client)
        else:
            self._lost()

    def _pump(self, client: MqttClient) -> None:
        """Write what waits; what the socket does not take now follows when it can."""
        if client.want_write():
            client.loop_write()
        sock = client.socket()
        if sock is None:
            return
        loop = asyncio.get_running_loop()
        if client.want_write():
            loop.add_writer(sock, self._pump, client)
        else:
            loop.remove_writer(sock)

    def _tick(self, loop: asyncio.AbstractEventLoop, client: MqttClient) -> None:
        """Keep-alive."""
        if client is self._client:
            client.loop_misc()
            self._pump(client)
            self._misc = loop.call_later(_MISC_S, self._tick, loop, client)

    def _drop(self) -> None:
        client, self._client = self._client, None
        self._subscribed = False
        if self._misc is not None:
            self._misc.cancel()
        if client is None:
            return
        client.on_disconnect = client.on_socket_close = None
        sock = client.socket()
        if sock is not None:
            _forget(asyncio.get_running_loop(), sock)
            with contextlib.suppress(OSError):
                sock.close()

    def _lost(self) -> None:
        self._failed = True
        self._arrival.ring()

    def _on_connect(self, client: paho.Client, *args: Any) -> None:
        if args[2].is_failure:
            self._lost()
        else:
            client.subscribe([(pattern, 1) for pattern in self._filters])

    def _on_subscribe(self, _client: paho.Client, _data: Any, _mid: int, *args: Any) -> None:
        self._failed = any(code.is_failure for code in args[0])
        self._subscribed = not self._failed
        self._arrival.ring()

    def _on_message(self, client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        topic = message.topic
        if client is self._client and self._asked_for(topic):
            payload = bytes(message.payload)
            self._messages.append((topic, payload))
            self._inbox.add(topic, payload)
            self._arrival.ring()

    def _asked_for(self, topic: str) -> bool:
        """A topic that was asked for once stays so; any other is looked at anew, and not kept."""
        if topic not in self._known:
            if not any(matches(pattern, topic) for pattern in self._filters):
                return False
            if len(self._known) >= _MOST_TOPICS:
                self._known.clear()
            self._known.add(topic)
        return True

    def _on_disconnect(self, client: paho.Client, *_: Any) -> None:
        if client is self._client:
            self._lost()


def _without_delay(_client: paho.Client, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _forget(loop: asyncio.AbstractEventLoop, sock: Any) -> None:
    loop.remove_reader(sock)
    loop.remove_writer(sock)


def _forget_socket(_client: paho.Client, _data: Any, sock: Any) -> None:
    _forget(asyncio.get_running_loop(), sock)
