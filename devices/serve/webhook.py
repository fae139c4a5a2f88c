"""A real HTTP server in front of one receiver of notices: one request per connection.

Answers that the receiver holds are sent when `send_due` says so.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from controller.interface.notices import KEY
from devices.webhook import Asked, Webhook

MOST_HEAD, MOST_BODY = 8192, 65_536
PATIENCE_S = 10.0
"""On the wall clock: how long a client may take to ask."""

_WORDS = {200: "OK", 202: "Accepted", 400: "Bad Request", 404: "Not Found",
          503: "Service Unavailable"}  # fmt: skip


class WebhookServer:
    """Listens for notices; `noticed` is called when one came."""

    def __init__(self, webhook: Webhook, noticed: Callable[[], None] | None = None) -> None:
        self.webhook = webhook
        self._noticed = noticed
        self._arrived = asyncio.Event()
        self._clients: dict[int, asyncio.StreamWriter] = {}
        self._numbers = 0
        self._server: asyncio.Server | None = None
        self._address = ("", 0)

    async def start(self, host: str, port: int) -> int:
        """Listen; the port (any free one for 0). OSError if it is taken."""
        self._server = await asyncio.start_server(self._meet, host, port, limit=MOST_HEAD)
        self._address = (host, int(self._server.sockets[0].getsockname()[1]))
        return self._address[1]

    @property
    def listening(self) -> bool:
        """Whether it takes clients."""
        return self._server is not None

    def needs(self, now: int) -> bool:
        """Whether `send_due` has anything to do."""
        refuses = self.webhook.refuses
        return self.webhook.next_wake() <= now or refuses == self.listening

    async def send_due(self, now: int) -> None:
        """Send answers; listen no more while the receiver is away, and again once it is back."""
        if self.webhook.refuses and self._server is not None:
            self._server.close()
            self._server = None
        elif self._server is None and not self.webhook.refuses:
            await self.start(*self._address)
        for answered in self.webhook.due(now):
            writer = self._clients.pop(answered.conn, None)
            if writer is None:
                continue  # it has been closed meanwhile
            if answered.status:
                writer.write(_response(answered.status, answered.body))
                writer.close()
            else:
                writer.transport.abort()

    async def settle(self, requests: int) -> None:
        """Wait until the receiver has had that many requests, in all."""
        while self.webhook.requests < requests:
            self._arrived.clear()
            await self._arrived.wait()

    async def close(self) -> None:
        """Listen no more and close every connection."""
        if self._server is not None:
            self._server.close()
        for writer in self._clients.values():
            writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                method, notice, body = await _request(reader)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            with contextlib.suppress(OSError):
                writer.write(_response(400, b""))
                writer.close()
            return
        self._numbers += 1
        self._clients[self._numbers] = writer
        self.webhook.receive(Asked(self._numbers, method, notice, body))
        self._arrived.set()
        if self._noticed is not None:
            self._noticed()


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    """Method, id and body of a request; ValueError for what is none."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ")
    fields = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    length = int(fields.get("content-length", "0"))
    if method not in ("GET", "POST") or not 0 <= length <= MOST_BODY:
        raise ValueError(first)
    notice = fields.get(KEY, "") or path.rpartition("/")[2]
    return method, notice, await reader.readexactly(length)


def _response(status: int, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} {_WORDS[status]}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
