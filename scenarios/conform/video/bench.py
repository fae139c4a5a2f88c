"""What every test of a GB/T 28181 device works with: the platform, questions and their answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from xml.etree.ElementTree import Element

from controller.interface.bounded import Unreadable, xml_root
from controller.interface.points import VideoPlatform
from devices.gb28181 import sip
from devices.gb28181.manscdp import CONTENT_TYPE
from devices.gb28181.sip import SipMessage
from scenarios.conform.provoking import provoke
from scenarios.conform.target import SipTarget, UnreachableError
from scenarios.conform.verdict import BrokenError, Latencies, Limits, demand
from scenarios.conform.video.platform import Got, Platform

PATIENCE_MS = 100_000
"""A device tries for half a minute, and then once a minute (RFC 3261 timer F, docs/devices)."""

ANSWER_MS = 2000
_SERVER = "34020000002000000001"


@dataclass(slots=True)
class VideoBench:
    """`video`: what the I/O list says of the device; None where no site was given."""

    target: SipTarget
    video: VideoPlatform | None
    limits: Limits
    platform: Platform
    latencies: Latencies = field(default_factory=Latencies)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @classmethod
    async def open(
        cls, target: SipTarget, video: VideoPlatform | None, limits: Limits
    ) -> VideoBench:
        """Play the platform and wait for the device; UnreachableError if it does not register."""
        platform = Platform(target.id, target.password)
        host, port = target.platform
        try:
            await platform.start(host, port)
        except OSError as error:
            raise UnreachableError(
                f"no platform can listen on {host}:{port}: {error.strerror}; end the one that does"
            ) from error
        bench = cls(target, video, limits, platform)
        try:
            await bench._registered()
            await provoke(limits.provoke)
        except BaseException:
            platform.close()
            raise
        return bench

    async def _registered(self) -> None:
        platform = self.platform
        if await platform.until(lambda: bool(platform.attempts), PATIENCE_MS):
            return
        host, port = self.target.platform
        heard = f"{len(platform.got)} datagrams came, and none was a REGISTER with an answer to 401"
        nothing = f"nothing of {self.target.id} came to {host}:{port}"
        raise UnreachableError(
            f"{heard if platform.got else nothing} within {PATIENCE_MS // 1000} s: does it "
            "register there? One that believes itself registered elsewhere must be restarted"
        )

    async def close(self) -> None:
        """Stop being a platform; the device will find out."""
        self.platform.close()

    def query(
        self, command: str, *, kind: str = "Query", body: bytes = b"", branch: str = ""
    ) -> str:
        """Ask the device; returns the serial number of the question."""
        number = str(10_000 + next(self._numbers))
        self.platform.send(self.datagram(command, number, kind=kind, body=body, branch=branch))
        return number

    def datagram(
        self, command: str, number: str, *, kind: str = "Query", body: bytes = b"", branch: str = ""
    ) -> bytes:
        """A MESSAGE of the platform with a query in it, or any body."""
        own = self.platform.id or _SERVER
        inside = (
            f"<CmdType>{command}</CmdType><SN>{number}</SN><DeviceID>{self.target.id}</DeviceID>"
        )
        text = f'<?xml version="1.0" encoding="GB2312"?>\r\n<{kind}>{inside}</{kind}>\r\n'
        host, port = self.target.platform
        realm = own[:10]
        headers = [
            ("Via", f"SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{branch or number}"),
            ("From", f"<sip:{own}@{realm}>;tag=conform"),
            ("To", f"<sip:{self.target.id}@{realm}>"),
            ("Call-ID", f"{branch or number}@conform"),
            ("CSeq", f"{number} MESSAGE"),
            ("Max-Forwards", "70"),
            ("Content-Type", CONTENT_TYPE),
        ]
        uri = f"sip:{self.target.id}@{realm}"
        return sip.request("MESSAGE", uri, headers, body or text.encode("gb2312"))

    def told(self, command: str, number: str = "", since: int = 0) -> list[tuple[Got, Element]]:
        """Bodies of one command that the device sent, in answer to a question where one is given.

        BrokenError for a body that is not XML.
        """
        found = []
        for one in self.platform.requests("MESSAGE", since):
            root = body_of(one)
            same = not number or root.findtext("SN") == number
            if root.findtext("CmdType") == command and same:
                found.append((one, root))
        return found

    async def answered(self, number: str, patience_ms: float = ANSWER_MS) -> SipMessage | None:
        """The response to a request of ours by its number; None if it does not come in time."""
        await self.platform.until(lambda: bool(self._responses(number)), patience_ms)
        return next(iter(self._responses(number)), None)

    def _responses(self, number: str) -> list[SipMessage]:
        said = (one.message for one in self.platform.got)
        return [m for m in said if m is not None and m.status and m.sequence == f"{number} MESSAGE"]

    async def ask(self, command: str) -> str:
        """Ask, and demand a 200; returns the number of the question."""
        number = self.query(command)
        reply = await self.answered(number)
        got = "nothing" if reply is None else str(reply.status)
        demand(got == "200", f"the query {command} is answered with {got}, expected 200")
        return number


def body_of(one: Got) -> Element:
    """The XML in a MESSAGE; BrokenError if there is none."""
    if one.message is None:
        raise BrokenError(f"not SIP: {one.datagram[:60]!r}")
    try:
        return xml_root(one.message.body)
    except Unreadable as why:
        raise BrokenError(f"the body of a MESSAGE is {why}") from None
