"""What a controller on the wall clock does for itself after each scan, for years.

It looks at its disk, its clock and its pace, tells faults, anchors the journal, and lets the
supervisor of the process know that it lives.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.anchors import Anchors
from controller.drivers.links import MqttLink
from controller.drivers.mqtt import MqttDriver
from controller.health import PHASE, Health
from controller.interface import topics
from controller.interface.kinds import KINDS
from controller.interface.points import PointList
from controller.ledger import Ledger
from controller.state import StateFile
from controller.supervisor import Supervisor

STEP_MS = 1000
"""A real-time clock that is this far from where it should be has been set."""

FIRST_POLL_MS = 10_000
"""The limit from the start of the program to the first complete poll of all gateways that answer;
a gateway that is dead is known to be lost by then (the same time as `decider.SETTLE_MS`)."""

_ME = ("scan", "controller")


class Upkeep:
    """`utc` tells the real time (ms); `utc_ms` is when the scan clock's 0 was, as known now.

    `boot_ms`: how long the program took from its start to the scan clock's 0; `pair` tells what is
    wrong with a pair.
    """

    def __init__(
        self, journal: Ledger, memory: StateFile | None, anchors: Anchors, supervisor: Supervisor,
        points: PointList, utc: Callable[[], int], utc_ms: int, boot_ms: int = 0,
        pair: Callable[[], str] = str,
    ) -> None:  # fmt: skip
        self.health = Health(journal, points.site)
        self.utc_ms = utc_ms
        self._journal, self._memory, self._anchors = journal, memory, anchors
        self._supervisor, self._site = supervisor, points.site
        self._left_alone = {name: _left_alone(points, name) for name in points.gateways}
        self._utc, self._boot_ms = utc, boot_ms
        self._pair = pair
        self._late_in_a_row = 0
        self._polled = False

    def pace(self, now: int, late_ms: int) -> None:
        """How late this scan is; two in a row are a fault."""
        self._late_in_a_row = self._late_in_a_row + 1 if late_ms else 0
        if self._late_in_a_row >= 2:
            self.health.say("pace", "scans take longer than the scan cycle", now)
        elif not late_ms:
            self.health.say("pace", "", now)

    def look_at_clock(self, now: int) -> int:
        """How far the real-time clock was set just now (ms), which goes on record and is followed;
        scans go on as before."""
        step = self._utc() - self.utc_ms - now
        if abs(step) < STEP_MS:
            return 0
        self.utc_ms += step
        self._journal.record(now, PHASE, *_ME, what="clock-step", ms=step)
        return step

    def without(self, gateway: str, lost: bool, now: int) -> None:
        """A gateway is lost or not: what its outputs do by themselves meanwhile is shown."""
        self.health.say(gateway, self._left_alone[gateway] if lost else "", now)

    def polled(self, now: int, missing: int) -> None:
        """How many gateways have neither been read nor given up; once none, that goes on record."""
        took = self._boot_ms + now
        if not self._polled and not missing:
            self._polled = True
            self._journal.record(now, PHASE, *_ME, what="polled", ms=took)
            self.health.say("first-poll", "", now)
        elif not self._polled and took > FIRST_POLL_MS:
            self.health.say("first-poll", "not all gateways have been read since the start", now)

    async def anchor(self, now: int, link: MqttLink) -> None:
        """Anchor the journal when it is time; its records must be on the disk."""
        anchor = self._anchors.due(now)
        if anchor is not None:
            await link.publish(topics.join(self._site, *topics.CONTROLLER, "event/anchor"), anchor)

    async def after(self, now: int, mqtt: MqttDriver) -> None:
        """The scan is over: see what is wrong, and tell."""
        self.health.say("journal", self._journal.trouble, now)
        self.health.say("anchors", self._anchors.trouble, now)
        self.health.say("pair", self._pair(), now)
        if self._memory is not None:
            self.health.say("state", self._memory.trouble, now)
        await self.health.tell(mqtt.link, mqtt.session, now)
        self._supervisor.alive(now, self.health.text or "scanning")

    def last(self, now: int) -> None:
        """The journal is closed: anchor its end."""
        self._anchors.due(now, last=True)


def _left_alone(points: PointList, gateway: str) -> str:
    """What the outputs behind a gateway do when it is lost, as their kinds declare."""
    kinds = dict.fromkeys(
        d.kind for d in points.devices.values()
        if d.gateway == gateway and any(p.write for p in d.points)
    )  # fmt: skip
    told = "; ".join(f"{kind}: {KINDS[kind].comms_lost}" for kind in kinds)
    return f"{gateway} is lost" + (f" ({told})" if told else "")
