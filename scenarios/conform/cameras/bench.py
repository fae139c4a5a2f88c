"""What every test of a camera on MQTT works with: what it said, read strictly, and its session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from controller.interface.bounded import Unreadable
from controller.interface.cameras.dialects import CAMERA_DIALECTS, CONNECTION, CameraDialect
from controller.interface.clock import utc_ms, wall_us
from controller.interface.topics import matches
from scenarios.conform.cameras.statement import READS, Statement
from scenarios.conform.listener import Heard, Listener, own_id
from scenarios.conform.provoking import provoke
from scenarios.conform.target import MqttTarget, UnreachableError
from scenarios.conform.verdict import BrokenError, Latencies, Limits
from scenarios.security.acl import CONTROLLER_USER, OBSERVER_USER

_MARGIN_MS = 5000


@dataclass(slots=True)
class CameraBench:
    """A camera that speaks as `dialect`, one of CAMERA_DIALECTS; `unread`: what is no message."""

    target: MqttTarget
    dialect: str
    limits: Limits
    listener: Listener
    latencies: Latencies = field(default_factory=Latencies)

    @classmethod
    async def open(cls, target: MqttTarget, dialect: str, limits: Limits) -> CameraBench:
        """Listen to the camera; UnreachableError if nothing is heard of it for its silence."""
        target = replace(target, prefix=target.prefix or "/".join(target.levels))
        own = CONTROLLER_USER if target.accounts else own_id()
        listener = await Listener.open(target, own)
        patience = CAMERA_DIALECTS[dialect].silence_ms
        if not await listener.until(lambda: bool(listener.heard), patience):
            await listener.close()
            raise UnreachableError(
                f"nothing is heard of {target} under `{target.prefix}/` within {patience // 1000} s"
            )
        bench = cls(target, dialect, limits, listener)
        try:
            await provoke(limits.provoke)
        except BaseException:
            await bench.close()
            raise
        return bench

    async def close(self) -> None:
        """End the connection."""
        await self.listener.close()

    @property
    def make(self) -> CameraDialect:
        """How cameras of the make speak."""
        return CAMERA_DIALECTS[self.dialect]

    @property
    def newcomer(self) -> str:
        """The client id of another connection."""
        return OBSERVER_USER if self.target.accounts else own_id()

    @property
    def enough(self) -> int:
        """So many messages tell something; Milesight says two a minute."""
        return 2 if self.dialect == "milesight" else 3

    def messages(self, since: int = 0) -> list[Heard]:
        """Everything that it sent while we listened, but its word about the connection."""
        live = (h for h in self.listener.heard[since:] if not h.retained)
        return [h for h in live if h.leaf != CONNECTION]

    def read(self, heard: Heard) -> Statement:
        """A message; BrokenError with what is wrong with it."""
        if not any(matches(pattern, heard.leaf) for pattern in self.make.leaves):
            raise BrokenError(f"`{heard.leaf}` is no topic of this make that we know")
        try:
            return READS[self.dialect](heard.leaf, heard.payload, self.target.prefix)
        except Unreadable as why:
            raise BrokenError(f"`{heard.leaf}`: {why}") from None

    def statements(self, since: int = 0) -> list[tuple[Heard, Statement]]:
        """The messages that can be read, with when they came."""
        found = []
        for heard in self.messages(since):
            try:
                found.append((heard, self.read(heard)))
            except BrokenError:
                continue  # the test of payloads says so
        return found

    async def listen(self, enough: Callable[[], bool], patience_ms: float | None = None) -> bool:
        """Wait until enough was said; whether it was, within the longest silence of the make."""
        longest = self.make.silence_ms + _MARGIN_MS if patience_ms is None else patience_ms
        return await self.listener.until(enough, longest)

    def came(self, heard: Heard) -> datetime:
        """When a message came, by this machine's UTC."""
        ago_ms = wall_us() / 1000 - heard.at_ms
        return datetime.fromtimestamp((utc_ms() - ago_ms) / 1000).astimezone()
