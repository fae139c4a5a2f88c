"""A GB/T 28181 platform for tests: challenges, registers, asks, and keeps what it was sent.

It listens to one device. `refusing`: it takes every digest for wrong, as a platform with another
password does; `refused`: the last REGISTER was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from controller.interface.clock import wall_us
from devices.gb28181 import digest, sip
from devices.gb28181.sip import SipMessage
from scenarios.conform.news import News

EXPIRES_S = 12
"""What the platform grants, so that a renewal is seen while the tests last."""


@dataclass(frozen=True, slots=True)
class Got:
    """A datagram of the device: when (ms), the message in it (None: not SIP), and the bytes."""

    at_ms: float
    message: SipMessage | None
    datagram: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """A REGISTER that answered a challenge, and whether its digest was right (None: unknown)."""

    message: SipMessage
    right: bool | None


@dataclass(slots=True)
class Platform(asyncio.DatagramProtocol):
    """`password` "" takes any digest. `id`: of the platform, as the device addresses it."""

    device: str
    password: str
    got: list[Got] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    registered_ms: list[float] = field(default_factory=list)
    refusing: bool = False
    refused: bool = False
    id: str = ""
    at: tuple[str, int] | None = None
    _nonces: count[int] = field(default_factory=lambda: count(1))
    _open: dict[str, digest.Challenge] = field(default_factory=dict)
    _given: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _news: News = field(default_factory=News)
    _transport: asyncio.DatagramTransport | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen; OSError if the port is taken."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(host, port)
        )

    def close(self) -> None:
        """Stop listening."""
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take a datagram; the device's requests are answered."""
        message = sip.parse(data)
        self.got.append(Got(wall_us() / 1000, message, data))
        if message is not None and message.method and _user(message.header("from")) == self.device:
            self.at = addr
            self._answer(message)
        self._news.set()

    def send(self, datagram: bytes) -> float:
        """Send something to where the device spoke from; returns when (ms)."""
        if self._transport is not None and self.at is not None:
            self._transport.sendto(datagram, self.at)
        return wall_us() / 1000

    async def until(self, reached: Callable[[], bool], patience_ms: float) -> bool:
        """Wait until something is so; whether it came to be in time."""
        return await self._news.until(reached, patience_ms)

    def requests(self, method: str, since: int = 0) -> list[Got]:
        """The device's requests of a method, repeats once."""
        found: dict[tuple[str, str], Got] = {}
        for one in self.got[since:]:
            if one.message is not None and one.message.method == method:
                found.setdefault((one.message.branch, one.message.sequence), one)
        return list(found.values())

    def _answer(self, message: SipMessage) -> None:
        before = self._given.get((message.branch, message.sequence))
        if before is not None:
            self.send(before)
        elif message.method == "REGISTER":
            self._register(message)
        elif message.method == "MESSAGE":
            known = bool(self.registered_ms) and not self.refused
            self._reply(message, *((200, "OK") if known else (403, "Forbidden")))
        else:
            self._reply(message, 200, "OK")

    def _register(self, message: SipMessage) -> None:
        """Challenge, and take the answer to a challenge of ours that was not used before."""
        given = digest.members(message.header("authorization").partition(" ")[2])
        asked = self._open.pop(given.get("nonce", ""), None)
        if asked is None:
            self._challenge(message)
            return
        self.id = _user(message.uri)
        right = self._right(asked, given) if self.password else None
        self.attempts.append(Attempt(message, right))
        self.refused = self.refusing or right is False
        if self.refused:
            self._reply(message, 403, "Forbidden")
            return
        self.registered_ms.append(wall_us() / 1000)
        contact = message.header("contact").partition(";")[0]
        told = (("Expires", str(EXPIRES_S)), ("Contact", f"{contact};expires={EXPIRES_S}"))
        self._reply(message, 200, "OK", *told)

    def _challenge(self, message: SipMessage) -> None:
        nonce = f"c0ffee{next(self._nonces):010x}"
        realm = (_user(message.uri) or self.device)[:10]
        self._open[nonce] = digest.Challenge(realm, nonce, "", "", False)
        ask = f'Digest realm="{realm}", nonce="{nonce}", algorithm=MD5'
        self._reply(message, 401, "Unauthorized", ("WWW-Authenticate", ask))

    def _right(self, asked: digest.Challenge, given: dict[str, str]) -> bool:
        """Whether the digest is that of the password; the device may use the older form only."""
        uri, cnonce = given.get("uri", ""), given.get("cnonce", "")
        wanted = digest.response(asked, self.device, self.password, "REGISTER", uri, cnonce)
        return given.get("response") == wanted and given.get("username") == self.device

    def _reply(
        self, message: SipMessage, status: int, reason: str, *extra: tuple[str, str]
    ) -> None:
        reply = sip.answer(message, status, reason, "conform", extra)
        self._given[message.branch, message.sequence] = reply
        self.send(reply)


def _user(text: str) -> str:
    """The user of a SIP address: 20 digits."""
    return text.partition("sip:")[2].partition("@")[0].partition(":")[0]
