"""One device's connection to a real broker: a plain asyncio protocol, no threads, no retries.

A task per client costs a tenth of a core per thousand idle clients, a protocol a sixth of that; so
that a district of thousands of devices fits one process, each with a connection of its own.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Protocol, cast

from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.packets import (
    CONNACK,
    DISCONNECT,
    PINGREQ,
    PUBLISH,
    SUBACK,
    Packets,
    Will,
    decode_connack,
    decode_publish,
    encode_connect,
    encode_puback,
    encode_publish,
    encode_subscribe,
)

MAX_WAITING = 1 << 23
"""Bytes that may wait for a broker that does not read; beyond that the connection is given up."""


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


class Stranger:
    """Somebody with a client id that is not his."""

    subscriptions: tuple[str, ...] = ()

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id

    def receive(self, topic: str, payload: bytes) -> None:
        """He asked for nothing."""


class Connection(asyncio.Protocol):
    """One client's connection; `changed` is set whenever its state or its inbox changed.

    `ready`: the broker has accepted it and its subscriptions; `closed`: it is over; `refusal`: why
    the broker did not let it in. `from_memory`: the message being received was retained. `heard`:
    something has come; whoever watches over it resets it.
    """

    def __init__(self, client: Client, will: Publication | None, changed: asyncio.Event) -> None:
        self.ready = False
        self.closed = False
        self.refusal = ""
        self.from_memory = False
        self.heard = False
        self._owner = client
        self._will = None if will is None else Will(*will)
        self._changed = changed
        self._packets = Packets()
        self._number = 0
        self._last: Publication | None = None
        self._access: Access
        self._transport: asyncio.Transport

    async def connect(self, access: Access, via: tuple[str, int] | None = None) -> None:
        """Open the socket and say hello; `ready` follows. BrokerLostError if nobody listens.

        `via`: host and port of a relay that carries the connection on to the broker.
        """
        self._access = access
        loop = asyncio.get_running_loop()
        host, port = via or (access.host, access.port)
        name = access.host if access.tls is not None else None
        try:
            await loop.create_connection(
                lambda: self, host, port, ssl=access.tls, server_hostname=name
            )
        except OSError as error:
            self.closed = True
            name = self._owner.client_id
            raise BrokerLostError(
                f"the broker at {access.host}:{access.port} refused {name}: {error}"
            ) from error

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello; without TCP_NODELAY a message may wait 40 ms for an acknowledgement."""
        self._transport = transport = cast("asyncio.Transport", transport)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name, access = self._owner.client_id, self._access
        hello = encode_connect(name, self._will, access.keepalive_s, access.logins.get(name))
        transport.write(hello)

    def publish(self, publications: Iterable[Publication]) -> None:
        """Send messages with QoS 1, in order; the same one twice is sent again (DUP)."""
        parts = []
        for p in publications:
            again = p is self._last
            if not again:
                self._number = self._number % 0xFFFF + 1
            self._last = p
            parts.append(
                encode_publish(p.topic, p.payload, self._number, retain=p.retain, again=again)
            )
        self._last = None
        self._transport.write(b"".join(parts))
        if self._transport.get_write_buffer_size() > MAX_WAITING:
            self._transport.abort()

    def ping(self) -> None:
        """Tell the broker that it is there."""
        self._transport.write(PINGREQ)

    def cut(self) -> None:
        """Drop the connection without a word, as a power cut does; the broker sends the will."""
        if not self.closed:
            self._transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def goodbye(self) -> None:
        """Disconnect in order; no will is sent."""
        if not self.closed:
            self._transport.write(DISCONNECT)
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Take every whole packet; what is not MQTT ends the connection."""
        acks: list[bytes] = []
        self.heard = True
        for packet in self._packets.feed(data):
            if packet.kind == PUBLISH:
                arrival = decode_publish(packet)
                if arrival is None:
                    self._transport.abort()
                    return
                if arrival.number:
                    acks.append(encode_puback(arrival.number))
                self.from_memory = bool(packet.flags & 1)
                self._owner.receive(arrival.topic, arrival.payload)
            elif packet.kind == CONNACK:
                self._welcome(decode_connack(packet))
            elif packet.kind == SUBACK:
                self.ready = True
                self._changed.set()
        if acks:
            self._transport.write(b"".join(acks))
            self._changed.set()
        if self._packets.broken:
            self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """It is over, whoever ended it."""
        self.closed = True
        self._changed.set()

    def _welcome(self, refusal: str) -> None:
        topics = self._owner.subscriptions
        if refusal:
            self.refusal = refusal
            self._transport.close()
        elif topics:
            self._transport.write(encode_subscribe(1, topics))
        else:
            self.ready = True
            self._changed.set()
