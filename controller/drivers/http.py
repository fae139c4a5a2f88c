"""The HTTP door for operators: two requests, on asyncio alone, so that the controller stays small.

`POST /v1/operations` takes a signed request and answers when it has been decided; `GET /v1/state`
says what stands, to this machine only. One request per connection; whoever sends more than is
allowed, or too slowly, is cut off. It knows nothing of what it carries.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_HEAD, MOST_BODY = 8192, 16_384
MOST_AT_ONCE, MOST_WAITING = 64, 256
PATIENCE_S = 10.0
"""On the wall clock: how long a client may take to ask, and how long it waits to be answered."""

_STATUS = {
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    413: "Content Too Large", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for the next scan; `answered` takes HTTP status and JSON text."""

    text: bytes
    answered: asyncio.Future[tuple[int, str]]


class BadRequest(Exception):  # noqa: N818 - the request is bad, the program is not
    """What a client sent cannot be answered; `status` says how."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class HttpDoor:
    """Listens for operators; `state` tells what stands now."""

    def __init__(self, state: Callable[[], Mapping[str, Any]]) -> None:
        self._state = state
        self._waiting: list[Waiting] = []
        self._server: asyncio.Server | None = None
        self._clients = 0

    async def open(self, host: str, port: int, tls: ssl.SSLContext | None) -> int:
        """Listen; the port. OSError if it is taken."""
        self._server = await asyncio.start_server(
            self._meet, host, port, limit=MOST_HEAD, ssl=tls, backlog=MOST_AT_ONCE
        )
        return int(self._server.sockets[0].getsockname()[1])

    def take(self, most: int) -> list[Waiting]:
        """The next requests, in the order they came; those who left are left out."""
        taken, self._waiting = self._waiting[:most], self._waiting[most:]
        return [one for one in taken if not one.answered.done()]

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients += 1
        try:
            async with asyncio.timeout(2 * PATIENCE_S):
                status, body = await self._serve(reader, writer)
                writer.write(_reply(status, body))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # it has gone, or took too long
        finally:
            self._clients -= 1
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[int, str]:
        try:
            if self._clients > MOST_AT_ONCE:
                raise BadRequest(503, "too many clients")
            async with asyncio.timeout(PATIENCE_S):
                method, path, body = await _request(reader)
            return await self._answer(method, path, body, _is_here(writer))
        except BadRequest as bad:
            return bad.status, json.dumps({"r": "rejected", "text": str(bad)})

    async def _answer(self, method: str, path: str, body: bytes, here: bool) -> tuple[int, str]:
        known = {"/v1/operations": "POST", "/v1/state": "GET"}
        if path not in known:
            raise BadRequest(404, f"there are {' and '.join(known)}")
        if method != known[path]:
            raise BadRequest(405, f"{path} takes {known[path]}")
        if method == "GET":
            if not here:
                raise BadRequest(403, "the state is told to this machine only")
            return 200, json.dumps(self._state())
        if len(self._waiting) >= MOST_WAITING:
            raise BadRequest(503, "too many requests wait")
        waiting = Waiting(body, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await waiting.answered
        except TimeoutError:
            raise BadRequest(504, "no scan has taken it in; ask again with a new id") from None


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    """Method, path and body of an HTTP/1.1 request."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    except asyncio.LimitOverrunError:
        raise BadRequest(413, f"the head is longer than {MOST_HEAD} bytes") from None
    except UnicodeDecodeError:
        raise BadRequest(400, "the head is not ASCII") from None
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest(400, "this is not HTTP/1.1")
    fields = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    if "transfer-encoding" in fields:
        raise BadRequest(400, "send the body whole, with its length")
    length = fields.get("content-length", "0")
    if not length.isdecimal() or not length.isascii():
        raise BadRequest(400, "content-length is no number")
    if len(length) > 9 or int(length) > MOST_BODY:
        raise BadRequest(413, f"the body is longer than {MOST_BODY} bytes")
    return words[0], words[1], await reader.readexactly(int(length))


def _reply(status: int, body: str) -> bytes:
    data = body.encode()
    head = (
        f"HTTP/1.1 {status} {_STATUS[status]}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(data)}\r\nconnection: close\r\ncache-control: no-store\r\n\r\n"
    )
    return head.encode() + data


def _is_here(writer: asyncio.StreamWriter) -> bool:
    return is_loopback(str(writer.get_extra_info("peername")[0]))


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
