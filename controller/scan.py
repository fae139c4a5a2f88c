"""The PLC-like cycle: take in, poll, decide, write, put on record - once per grant.

The order of everything here is fixed (gateways as in the I/O list, messages by topic and number,
rules as in the matrix), so that decisions do not hang on which wires carried the bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from controller.admission import Admission
from controller.courier import Courier
from controller.decider import Decider
from controller.drivers.links import Links, MqttLink, Will
from controller.drivers.modbus import ModbusDriver
from controller.drivers.mqtt import MqttDriver
from controller.drivers.routes import status_topic
from controller.interface import envelope, topics
from controller.interface.cameras.dialects import camera_filters
from controller.interface.clock import Clock, Done, Grant
from controller.interface.journal import Journal
from controller.interface.points import PointList
from controller.names import Names
from controller.outputs import Demand
from controller.presence import Presence
from controller.reception import Reception
from controller.records import PHASE
from controller.site import Site
from controller.state import StateFile
from controller.upkeep import Upkeep

GRACE_S = 0.02
"""On the wall clock: how long a scan waits for replies to requests it has just sent."""

PROGRAM = "controller"


class Controller:
    """The safety controller of one site; every `step` is one scan.

    `upkeep` is what it does for itself on the wall clock, where it does not share a clock with the
    devices; where nothing keeps it up, `utc_ms` is when its clock's 0 was (ms since 1970), and
    `began_ms` what the plan takes for it. `veil` hides operators' names. `overruns` counts the
    instants of the grid that passed while a scan took too long; `replaced_by` who leads instead.
    """

    def __init__(
        self, site: Site, links: Links, journal: Journal, *, scan_ms: int = 250,
        lockstep: bool = True, memory: StateFile | None = None, upkeep: Upkeep | None = None,
        epoch: int = 0, utc_ms: int = 0, veil: Callable[[str], str] = str, began_ms: int = 0,
    ) -> None:  # fmt: skip
        self.overruns = self.replaced_by = 0
        self._upkeep = upkeep
        self.site, self.journal = site, journal
        self._scan_ms, self._lockstep = scan_ms, lockstep
        self._promised_ms = 0
        self.decider = Decider(site.points, site.matrix, journal, site.plan)
        self._plan = self.decider.plan
        self.decider.begin(upkeep.utc_ms if upkeep is not None else utc_ms or began_ms)
        self._intake, self._outputs = self.decider.intake, self.decider.outputs
        self._gateways = {
            gateway.id: ModbusDriver(
                gateway, site.points, links.modbus(gateway), self._intake, lockstep=lockstep
            )
            for gateway in site.points.gateways.values()
        }
        self._mqtt = MqttDriver(
            site.points, _mqtt_link(site.points, links), self._intake, lockstep=lockstep,
            utc_ms=upkeep.utc_ms if upkeep is not None else utc_ms, epoch=epoch,
        )  # fmt: skip
        self._courier = Courier(
            site.points, links, self._plan, self._intake, self._mqtt, lockstep=lockstep
        )
        self._utc_ms = utc_ms
        self._admission = Admission(site.operators, site.points, self.utc_ms, self.decider.names)
        self._intake.veil = veil
        names = Names(site, veil)
        self.reception = Reception(self._admission, self.decider, self._intake, self._mqtt, names)
        self._presence = Presence(site.points, self._gateways, epoch)
        self._started = False
        self._memory = memory
        if memory is not None:
            self._remember(memory)

    async def step(self, grant: Grant) -> Done:
        """One scan at `grant.t_ms`."""
        now = grant.t_ms
        self._intake.begin(now)
        self._note_start(now)
        await self._mqtt.arrive(grant)
        await self._mqtt.open(now)
        await self._courier.hear(grant)
        await self._take_late_replies(grant)
        await self._send_due(now)
        self._presence.beat(now)
        await self._converse(grant)
        self._look_for_successor(now)
        await self.reception.serve(now, self.utc_ms)
        if self._plan.wants_evidence(now):
            self._intake.evidence(self.journal.written, self.journal.head)
        on_record = self.decider.decide(now)
        if self._memory is not None:
            self._memory.save(self.decider.capture(), now)
        if not self.replaced_by and await self._send_due(now):
            if not on_record:
                self.journal.record(now, PHASE, "scan", PROGRAM, what="decided")
            await self._converse(grant)
        if not self.replaced_by:
            await self._courier.tell(now, self._mqtt.utc_ms)
        self.decider.miss(now)
        self._save()
        if self._upkeep is not None:
            await self._keep_up(now, self._upkeep)
        return self._done(now)

    async def run(self, clock: Clock) -> None:
        """Scan at every grant, until there are no more or another controller leads."""
        while not self.replaced_by and (grant := await clock.grant()) is not None:
            await clock.done(await self.step(grant))

    @property
    def utc_ms(self) -> int:
        """The time of this scan on the controller's clock, ms since 1970 (0: under a twin)."""
        began = self._utc_ms if self._upkeep is None else self._upkeep.utc_ms
        return self._intake.now + began

    def stop(self) -> None:
        """Close the connections and the journal."""
        for driver in self._gateways.values():
            driver.close()
        self._mqtt.close()
        self._courier.close()
        if self.reception.http is not None:
            self.reception.http.close()
        if self._started:
            self.journal.record(self._intake.now, PHASE, "scan", PROGRAM, what="stop")
            self._save()
            if self._upkeep is not None:
                self._upkeep.last(self._intake.now)
        self.journal.close()

    def note(self, what: str, text: str) -> None:
        """Put on record what was asked of the program from outside, and what came of it."""
        self.journal.record(self._intake.now, PHASE, "scan", PROGRAM, what=what, text=text)

    def _remember(self, memory: StateFile) -> None:
        """Go on where the program before this one stopped."""
        kept = memory.load()
        if memory.note:
            self.journal.record(0, PHASE, "scan", PROGRAM, what="older-state", text=memory.note)
        if kept is not None:
            state, shift_ms = kept
            self.journal.record(
                0, PHASE, "scan", PROGRAM, what="restore", shift_ms=shift_ms, state=state
            )
            self.decider.restore(state, shift_ms)

    def _note_start(self, now: int) -> None:
        if not self._started:
            self._started = True
            times = {"began_ms": self._plan.began_ms}
            self.journal.record(
                now, PHASE, "scan", PROGRAM, what="start", scan_ms=self._scan_ms,
                rules=len(self.site.matrix.rules), points=len(self.site.points.points),
                **(times if self.site.plan is not None else {}),
            )  # fmt: skip
            return
        late = max(0, now - self._promised_ms)
        if late:
            self.overruns += -(-late // self._scan_ms)
            self.journal.record(
                now, PHASE, "scan", PROGRAM, what="overrun", ms=late, count=self.overruns
            )
        if self._upkeep is not None:
            self._upkeep.pace(now, late)

    async def _keep_up(self, now: int, upkeep: Upkeep) -> None:
        await upkeep.anchor(now, self._mqtt.link)
        self._admission.began_ms += upkeep.look_at_clock(now)
        self._mqtt.utc_ms = upkeep.utc_ms
        for name, driver in self._gateways.items():
            upkeep.without(name, driver.lost, now)
        upkeep.polled(now, sum(not (d.polled or d.lost) for d in self._gateways.values()))
        await upkeep.after(now, self._mqtt)

    def _look_for_successor(self, now: int) -> None:
        """If a board or a device says that another controller leads, nothing more is written."""
        boards = self._presence.lead.replaced(self.decider.image.samples)
        by = max(boards, self._mqtt.leader.replaced_by)
        if by and self._presence.lead.epoch:
            self.replaced_by = by
            self.note(
                "replaced", f"devices are led by epoch {by}, this is {self._presence.lead.epoch}"
            )
        elif self._upkeep is not None:
            told = f"devices are led by epoch {by}, and refuse this controller" if by else ""
            self._upkeep.health.say("fence", told, now)

    async def _take_late_replies(self, grant: Grant) -> None:
        """Replies that the grant says have been sent to earlier requests."""
        now = grant.t_ms
        for name, driver in self._gateways.items():
            if self._lockstep and grant.replies.get(name, -1) > driver.received:
                await driver.link.settle(grant.replies[name])
            driver.take_in(now)
            was_up = driver.up
            await driver.open(now)
            if driver.up and not was_up:
                self._presence.greet(name, now)

    async def _converse(self, grant: Grant) -> None:
        """Exchange requests and replies until no gateway has anything left to say now."""
        now = grant.t_ms
        asked = [d for d in self._gateways.values() if d.advance(now)]
        waiting = [d for d in asked if d.gateway.id not in grant.held]
        while waiting:
            before = [d.received for d in waiting]
            await self._settle(waiting)
            for driver in waiting:
                driver.take_in(now)
            answered = [d for d, n in zip(waiting, before, strict=True) if d.received > n]
            waiting = [d for d in answered if d.advance(now)]

    async def _settle(self, waiting: list[ModbusDriver]) -> None:
        if self._lockstep:
            for driver in waiting:
                await driver.link.settle(driver.received + 1)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                for driver in waiting:
                    await driver.link.settle(driver.received + 1)

    async def _send_due(self, now: int) -> bool:
        """Send every command that is due, and say so when it is not for the first time."""
        due = self._outputs.due(now)
        for demand in due:
            if self._outputs.exhausted(demand):
                self._tell(demand, "unanswered")
                continue
            again = demand.sends
            if await self._send(demand, now) and again:
                self._tell(demand, "resend")
        return bool(due)

    def _tell(self, demand: Demand, what: str) -> None:
        device, number = demand.point.device, demand.command.id
        self._intake.comms(device, what, id=number, sends=demand.sends)

    async def _send(self, demand: Demand, now: int) -> bool:
        point, command = demand.point, demand.command
        driver = self._gateways.get(self.site.points.devices[point.device].gateway)
        if driver is not None:
            self._outputs.sent(demand, now, answers_itself=True)
            driver.write(command, point.binding, point.device)
            return True
        if not await self._mqtt.publish(command, point, now):
            self._outputs.postpone(demand)
            return False
        self._outputs.sent(demand, now, answers_itself=False)
        return True

    def _save(self) -> None:
        """Under a twin the rig may lose power with its journal; a real site may not."""
        (self.journal.flush if self._lockstep else self.journal.fsync)()

    def _done(self, now: int) -> Done:
        wakes = [d.wake_ms for d in self._gateways.values()]
        wakes += [self._mqtt.wake_ms, self._outputs.wake_ms, self._intake.faults.wake_ms]
        wakes += [self._presence.wake_ms, self._courier.wake_ms]
        wake = min([*wakes, self.decider.wake_ms]) if self._upkeep is None else now
        slots = max(1, -(-(wake - now) // self._scan_ms))
        self._promised_ms = now + slots * self._scan_ms
        return Done(
            now,
            self._promised_ms,
            dict(self._mqtt.published),
            {name: driver.requests for name, driver in self._gateways.items()}
            | dict(self._courier.requests),
            self._mqtt.session,
            self._mqtt.connected,
            self._written(),
        )

    def _written(self) -> dict[str, dict[int, str]]:
        """The commands that this scan wrote, by gateway and number of the request."""
        found = {name: driver.written for name, driver in self._gateways.items() if driver.written}
        for name in found:
            self._gateways[name].written = {}
        return found


def _mqtt_link(points: PointList, links: Links) -> MqttLink:
    lost = envelope.encode_status(0, 0, PROGRAM, "lost")
    will = Will(status_topic(points.site), lost)
    filters = topics.controller_filters(points.site) + camera_filters(points.devices.values())
    return links.mqtt(points.mqtt_host, points.mqtt_port, will, filters)
