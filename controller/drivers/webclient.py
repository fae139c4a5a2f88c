"""HTTP/1.1 requests on asyncio alone, each on its own connection; knows no time and no retries.

`https` checks the receiver's certificate against the system's authorities, or those of a file.
With a key every request is signed: HMAC-SHA256 over its id, a line feed and its body.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

from controller.drivers.arrival import Arrival
from controller.drivers.links import Ended
from controller.interface.notices import KEY, SIGNATURE

CONNECT_S = 5.0
ABANDONED_S = 60.0
"""On the wall clock: a receiver that has not answered by then will not; the notice is sent again
long before."""

MOST_ANSWER = 65_536


class WebClient:
    """A link to the receiver behind one URL (`controller.drivers.links.HttpLink`)."""

    def __init__(
        self, url: str, token: str = "", tls: ssl.SSLContext | None = None, key: str = ""
    ) -> None:
        parts = urlsplit(url)
        self._host, self._path = parts.hostname or "", parts.path or "/"
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._token, self._key = token, key.encode()
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._arrival = Arrival()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: list[Ended] = []
        self._ended = 0

    async def send(self, number: int, method: str, notice: str, body: bytes, wait: bool) -> bool:
        """See `HttpLink`."""
        request = self._request(method, notice, body)
        if not wait:
            self._begin(self._converse(number, request))
            return True
        try:
            streams = await self._connect()
        except OSError:
            return False
        self._begin(self._exchange(number, request, *streams))
        return True

    async def settle(self, count: int) -> None:
        """See `HttpLink`."""
        while self._ended < count:
            await self._arrival.wait()

    def take(self) -> Sequence[Ended]:
        """See `HttpLink`."""
        ends, self._ends = self._ends, []
        return sorted(ends, key=lambda one: one.number)

    def close(self) -> None:
        """See `HttpLink`."""
        for task in self._tasks:
            task.cancel()

    def _request(self, method: str, notice: str, body: bytes) -> bytes:
        path = self._path if method == "POST" else f"{self._path.rstrip('/')}/{notice}"
        bearer = f"authorization: Bearer {self._token}\r\n" if self._token else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: {self._host}:{self._port}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
            f"{KEY}: {notice}\r\n{bearer}{self._signature(notice, body)}connection: close\r\n\r\n"
        )
        return head.encode() + body

    def _signature(self, notice: str, body: bytes) -> str:
        if not self._key:
            return ""
        signed = hmac.new(self._key, f"{notice}\n".encode() + body, hashlib.sha256).hexdigest()
        return f"{SIGNATURE}: sha256={signed}\r\n"

    def _begin(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with asyncio.timeout(CONNECT_S):
            return await asyncio.open_connection(
                self._host, self._port, ssl=self._tls, limit=MOST_ANSWER
            )

    async def _converse(self, number: int, request: bytes) -> None:
        try:
            streams = await self._connect()
        except ssl.SSLError as error:
            untrusted = isinstance(error, ssl.SSLCertVerificationError)
            self._end(Ended(number, 0, b"untrusted" if untrusted else b"no-tls"))
            return
        except (OSError, UnicodeError):
            self._end(Ended(number, 0, b"refused"))
            return
        await self._exchange(number, request, *streams)

    async def _exchange(
        self, number: int, request: bytes, reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        status, body = 0, b"cut"
        try:
            async with asyncio.timeout(ABANDONED_S):
                writer.write(request)
                status, body = await _answer(reader)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self._end(Ended(number, status, body))
            with contextlib.suppress(OSError):
                writer.close()

    def _end(self, ended: Ended) -> None:
        self._ends.append(ended)
        self._ended += 1
        self._arrival.ring()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of a response; ValueError for what is none."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    version, code, *_ = first.split(" ")
    if not version.startswith("HTTP/1.") or not code.isdecimal():
        raise ValueError(first)
    fields = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    length = fields.get("content-length", "")
    if "transfer-encoding" in fields:
        return int(code), b""  # what we read of a body fits into one piece
    if length.isdecimal() and int(length) <= MOST_ANSWER:
        return int(code), await reader.readexactly(int(length))
    return int(code), b""
