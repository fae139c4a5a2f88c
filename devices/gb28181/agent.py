"""A GB/T 28181 device: registers, keeps alive, lists its channels, tells alarms. No sockets.

REGISTER with digest, renewed before it expires (GB/T 28181-2016 section 9.1); a keepalive every
60 s, and after three without an answer the device registers anew (9.6); a catalogue on request
(9.5); alarms (9.4). What cannot be read is dropped; what is not understood is refused in SIP.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from devices.agenda import NEVER
from devices.gb28181 import digest, manscdp, sip
from devices.gb28181.manscdp import Alarm, Channel
from devices.gb28181.sip import SipMessage
from devices.gb28181.transactions import Done, Transactions

RETRY_MS = 60_000
MISSED = 3
MOST_CHALLENGES = 3
"""Times that a stale nonce is replaced before the platform counts as refusing."""

MOST_ALARMS, MOST_BODIES = 100, 400
"""Alarms and bodies that wait to be sent; with more the oldest alarm, or the query, is dropped."""

_RENEW = 0.8
"""Share of the expiry after which the registration is renewed (m)."""

_REFUSED = {"INVITE": (488, "Not Acceptable Here"), "BYE": (481, "No Such Call")}


@dataclass(frozen=True, slots=True)
class Account:
    """Who registers where: ids of 20 digits; the domain is the first ten of the platform's."""

    id: str
    password: str
    platform: str
    host: str
    port: int
    expires_s: int = 3600
    keepalive_s: int = 60


Listed = tuple[Channel, Callable[[], bool]]
"""A camera and what tells whether it is on."""


class Agent:
    """`out` holds datagrams for the platform; `state` is offline, registering, online or refused.

    Times are ms of any clock.
    """

    def __init__(self, account: Account, channels: Sequence[Listed], rng: Generator) -> None:
        self.account = account
        self.state = "offline"
        self.contact = ("127.0.0.1", 5060)
        self.out: list[bytes] = []
        self.alarms: deque[Alarm] = deque(maxlen=MOST_ALARMS)
        self._channels, self._rng = channels, rng
        self._pending = Transactions()
        self._bodies: deque[bytes] = deque()
        self._sending = False
        self._call, self._sequence, self._number = "", 0, 0
        self._challenges = 0
        self._leaving = False
        self._expires_s = account.expires_s
        self._missed = 0
        self._register_at = self._keepalive_at = NEVER

    def start(self, now: int) -> None:
        """Register."""
        self._leaving, self._sending, self._challenges, self._missed = False, False, 0, 0
        self._call, self._sequence = self._token(), 0
        self._register(now, "")

    def stop(self, now: int) -> None:
        """Unregister: an expiry of 0."""
        self._pending.forget()
        self._leaving, self._challenges, self._keepalive_at = True, 0, NEVER
        self._bodies.clear()
        self._register(now, "")

    def tick(self, now: int) -> None:
        """Do what is due; call it when `wake_ms` has come, or after an alarm."""
        self.out += self._pending.due(now)
        if now >= self._register_at:
            self._register_at = NEVER
            self._challenges = 0
            self._register(now, "")
        if now >= self._keepalive_at:
            self._keepalive_at = now + 1000 * self.account.keepalive_s
            self._number += 1
            body = manscdp.keepalive(self._number, self.account.id)
            self._message(body, now, self._kept)
        if self.state == "online":
            while self.alarms and len(self._bodies) < MOST_BODIES:
                self._number += 1
                self._bodies.append(manscdp.alarm(self._number, self.alarms.popleft()))
            self._send_next(now)

    @property
    def wake_ms(self) -> int:
        """When `tick` is due next."""
        return min(self._pending.wake_ms, self._register_at, self._keepalive_at)

    def receive(self, datagram: bytes, now: int) -> bytes | None:
        """Take a datagram; what is to be answered to whoever sent it, None for nothing."""
        message = sip.parse(datagram)
        if message is None:
            return None
        if message.status:
            self._pending.answered(message, now)
            return None
        if message.method == "ACK":
            return None
        reply = self._pending.given(message)
        if reply is None:
            status, reason = self._serve(message, now)
            reply = sip.answer(message, status, reason, self._token())
            self._pending.give(message, reply)
        return reply

    def _serve(self, message: SipMessage, now: int) -> tuple[int, str]:
        if message.method == "OPTIONS":
            return 200, "OK"
        if message.method != "MESSAGE":
            return _REFUSED.get(message.method, (405, "Method Not Allowed"))
        query = manscdp.read(message.body)
        if query is None:
            return 400, "Bad Request"
        if query.kind in ("Query", "Control"):
            bodies = self._answers(query)
            if len(self._bodies) + len(bodies) > MOST_BODIES:
                return 503, "Service Unavailable"
            self._bodies.extend(bodies)
            self._send_next(now)
        return 200, "OK"

    def _answers(self, query: manscdp.Query) -> tuple[bytes, ...]:
        own, number = self.account.id, query.number
        if query.kind == "Query" and query.command == "Catalog":
            return manscdp.catalogue(number, own, [(c, on()) for c, on in self._channels])
        if query.kind == "Query" and query.command == "DeviceInfo":
            return (manscdp.information(number, own, len(self._channels)),)
        if query.kind == "Query" and query.command == "DeviceStatus":
            return (manscdp.state(number, own),)
        return (manscdp.refusal(query, own),)

    def _send_next(self, now: int) -> None:
        """One body at a time: the next goes when this one has been answered."""
        if self._bodies and not self._sending:
            self._sending = True
            self._message(self._bodies.popleft(), now, self._sent)

    def _sent(self, reply: SipMessage | None, now: int) -> None:
        self._sending = False
        self._send_next(now)

    def _kept(self, reply: SipMessage | None, now: int) -> None:
        good = reply is not None and reply.status == 200
        self._missed = 0 if good else self._missed + 1
        if self._missed >= MISSED:
            self.state = "offline"
            self._keepalive_at = NEVER
            self._missed = self._challenges = 0
            self._register(now, "")

    def _register(self, now: int, authorization: str) -> None:
        if self.state != "online":
            self.state = "registering"
        self._sequence += 1
        expires = 0 if self._leaving else self._expires_s
        extra = [("Contact", f"<sip:{self.account.id}@{self._here}>"), ("Expires", str(expires))]
        if authorization:
            extra.append(("Authorization", authorization))
        uri = f"sip:{self.account.platform}@{self._domain}"
        own = f"sip:{self.account.id}@{self._domain}"
        self._request("REGISTER", uri, own, (self._call, self._sequence), extra, b"", now,
                      self._registered)  # fmt: skip

    def _registered(self, reply: SipMessage | None, now: int) -> None:
        status = 0 if reply is None else reply.status
        if reply is not None and status == 401:
            asked = digest.challenge(reply.header("www-authenticate"))
            again = asked is not None and asked.stale and self._challenges < MOST_CHALLENGES
            if asked is not None and (again or not self._challenges):
                self._challenges += 1
                self._register(now, self._credentials(asked))
                return
        least_s = 0 if reply is None else sip.seconds(reply.header("min-expires"))
        if status == 423 and least_s > self._expires_s:
            self._expires_s, self._register_at = least_s, now
        elif status == 200 and reply is not None:
            self._settle(reply, now)
        else:
            self.state = "offline" if status == 0 else "refused"
            self._keepalive_at = NEVER
            self._register_at = NEVER if self._leaving else now + RETRY_MS

    def _settle(self, reply: SipMessage, now: int) -> None:
        """The platform has taken the registration, for as long as it says."""
        self._challenges = 0
        if self._leaving:
            self.state = "offline"
            self._register_at = NEVER
            return
        given = sip.seconds(sip.parameter(reply.header("contact"), "expires"))
        given = given if given > 0 else sip.seconds(reply.header("expires"))
        lasts_s = given if given > 0 else self._expires_s
        self._register_at = now + max(1000, int(1000 * _RENEW * lasts_s))
        if self.state != "online":
            self.state, self._missed = "online", 0
            self._keepalive_at = now
            self.tick(now)

    def _credentials(self, asked: digest.Challenge) -> str:
        uri = f"sip:{self.account.platform}@{self._domain}"
        own = self.account
        return digest.credentials(asked, own.id, own.password, "REGISTER", uri, self._token())

    def _message(self, body: bytes, now: int, done: Done) -> None:
        uri = f"sip:{self.account.platform}@{self._domain}"
        extra = [("Content-Type", manscdp.CONTENT_TYPE)]
        self._request("MESSAGE", uri, uri, (self._token(), 1), extra, body, now, done)

    def _request(
        self,
        method: str,
        uri: str,
        to: str,
        call: tuple[str, int],
        extra: list[tuple[str, str]],
        body: bytes,
        now: int,
        done: Done,
    ) -> None:
        branch = f"z9hG4bK{self._token()}"
        sequence = f"{call[1]} {method}"
        headers = [
            ("Via", f"SIP/2.0/UDP {self._here};rport;branch={branch}"),
            ("From", f"<sip:{self.account.id}@{self._domain}>;tag={self._token()}"),
            ("To", f"<{to}>"),
            ("Call-ID", call[0]),
            ("CSeq", sequence),
            ("Max-Forwards", "70"),
            ("User-Agent", "campus-twin"),
            *extra,
        ]
        datagram = sip.request(method, uri, headers, body)
        self._pending.begin(branch, sequence, datagram, done, now)
        self.out.append(datagram)

    @property
    def _here(self) -> str:
        return f"{self.contact[0]}:{self.contact[1]}"

    @property
    def _domain(self) -> str:
        return self.account.platform[:10]

    def _token(self) -> str:
        return f"{int(self._rng.integers(2**63)):016x}"
