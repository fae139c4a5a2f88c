"""One MQTT device as seen from the broker: one connection, one will, one sequence of messages.

Decides by the run's clock when to connect, how long to wait after a refusal, and what to send; it
never touches a socket. Topics and payloads follow `cs/1/<site>/<kind>/<id>/<leaf>`.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from numpy.random import Generator

from controller.interface.envelope import Malformed, Order, decode_command
from controller.interface.points import Device, Point, Value
from controller.interface.topics import topic
from devices.agenda import Agenda
from devices.exchange import Publication
from devices.failing.leaving import leftover, nothing_left
from devices.failing.speech import Speech
from devices.fence import FENCED, CommandFence
from devices.network.uplink import Uplink
from devices.stamps import Stamps
from devices.surroundings import Record
from devices.tempo import Tempo

HEARTBEAT_MS = 1000
FIRST_RETRY_MS, LONGEST_RETRY_MS = 1000, 30_000
"""Back-off after a lost or refused connection: doubles, with a seeded jitter of half to one and a
half."""

BOOT_MS = 2000
"""From power to the first connection attempt, after the device was off."""


class Station:
    """The network side of a device; client id = device id.

    `outbox` holds what waits for the connection; it is emptied when the connection is lost, and all
    states are sent anew on the next one, so nothing stale is ever delivered. Faults: `speech` in
    the order in which they began; `trouble` "lost" or "clash" ends the connection at the next
    flush; `barred`: it cannot connect, being turned away or because of the network (`net`);
    `deaf`: commands do not reach it. `tempo`: times that were measured on a real device.
    """

    def __init__(
        self, site: str, device: Device, agenda: Agenda, rng: Generator, record: Record
    ) -> None:
        self.client_id = device.id
        self.device = device
        self.outbox: list[Publication] = []
        self.up = False
        self.off = False
        self._off: set[str] = set()
        self._deafened: list[str] = []
        self.barred = self._turned_away = self.deaf = False
        self.trouble = ""
        self.speech: list[Speech] = []
        self.tempo: Tempo | None = None
        self.sent = 0
        self.received = 0
        self.orders: list[tuple[Point, Order]] = []
        self.fence = CommandFence(site)
        self._stamps = Stamps()
        self.tape = sha256()
        self.agenda = agenda
        self._rng = rng
        self._record = record
        self._base = topic(site, device, "")
        self._commands = {self._base + p.binding.leaf: p for p in device.points if p.write}
        self.net = Uplink(agenda, self, self._way_changed)
        self._states: dict[str, tuple[Value, int]] = {}
        self._forced: dict[str, Value] = {}
        self._events: list[tuple[str, Value, int]] = []
        self._results: dict[str, str] = {}
        self._retry_ms = FIRST_RETRY_MS
        self._try_at = 0
        self._restart()
        offset_ms = int.from_bytes(sha256(device.id.encode()).digest()[:4]) % HEARTBEAT_MS
        agenda.at(offset_ms, self._beat)

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The commands it takes."""
        return (*self._commands, self.fence.topic) if self._commands else ()

    def date(self, epoch_ms: int) -> None:
        """Stamp messages with UTC from now on; time 0 was `epoch_ms` after 1970.

        A controller that did not start together with the devices shares only UTC with them, and a
        command's time to live means nothing without a shared clock. `desc` says which clock it is.
        """
        self._stamps.epoch_ms = epoch_ms
        self.will = self._testament()

    def wants_link(self, now: int) -> bool:
        """Whether it would connect now."""
        return not self.up and not self.off and now >= self._try_at

    def linked(self, now: int) -> None:
        """Connected: says what it is and sends every state."""
        self.up = True
        self._retry_ms = FIRST_RETRY_MS
        self._record(now, 2, "link", self.client_id, what="up")
        self._send("status", self._stamps.status("ready", now), retain=True)
        self._send("desc", self._stamps.description(self.device, now), retain=True)
        self.say_again()
        self._send_events()

    def dropped(self, now: int) -> None:
        """The connection is gone; tries again after a while."""
        self.up = False
        self.outbox.clear()
        self.net.lose()
        self._record(now, 2, "link", self.client_id, what="down")
        self.will = self._testament()
        self._back_off(now)

    def refused(self, now: int) -> None:
        """The broker could not be reached; waits longer."""
        self._record(now, 2, "link", self.client_id, what="refused")
        self._back_off(now)

    def receive(self, topic: str, payload: bytes) -> None:
        """A message has arrived; other people's topics are ignored.

        A repeat of a command counts too: whoever sent it is waiting for its answer.
        """
        point = self._commands.get(topic)
        if point is None:
            self.fence.hear(topic, payload)
            return
        self._take(topic, payload)
        if self.deaf:
            return
        order = decode_command(payload)
        if isinstance(order, Malformed):
            why = f"{topic}: {order.reason}"
            self._record(self.agenda.now, 4, "warning", self.client_id, text=why)
            return
        if not self.fence.admits(order.epoch):
            self.acknowledge(order, FENCED, order.value)
            return
        if self._stamps.epoch_ms:
            order = replace(order, t_ms=max(0, order.t_ms - self._stamps.epoch_ms))
        self.net.home.send((point, order), len(payload))

    def obey(self, told: tuple[Point, Order]) -> None:
        """A command is there: it is carried out, if measured times say so, later."""
        if self.tempo is not None:
            self.tempo.take(self, *told)
        else:
            self.orders.append(told)

    def result(self, command: str) -> str | None:
        """How a command that was carried out before was answered; None if it was not."""
        return self._results.get(command)

    def told(self, leaf: str) -> Value | None:
        """What was said last of a point; None before it has been said."""
        return self._states[leaf][0] if leaf in self._states else None

    def drain(self) -> list[Publication]:
        """Take what is to be sent now, in order; it counts as having crossed the binding."""
        outbox, self.outbox = self.outbox, []
        self.sent += len(outbox)
        for p in outbox:
            self.tape.update(b">" + p.topic.encode() + b"\0" + p.payload)
        return outbox

    def show(self, leaf: str, value: Value, t_ms: int) -> None:
        """A value has changed; sent now if connected, else with the next connection.

        An event is sent once, not retained, and keeps its own time when it is sent late.
        """
        value = self._forced.get(leaf, value)
        if leaf.startswith("event/"):
            self._events.append((leaf, value, t_ms))
            if self.up:
                self._send_events()
            return
        if self.tempo is None or not self.tempo.keeps(leaf, value):
            self.report(leaf, value, t_ms)

    def report(self, leaf: str, value: Value, t_ms: int) -> None:
        """Say that a point has a value, now or with the next connection."""
        self._states[leaf] = (value, t_ms)
        if self.up:
            self._send_state(leaf, value, t_ms)

    def force(self, leaf: str, value: Value) -> None:
        """Say this value from now on, whatever the device behind it does."""
        self._forced[leaf] = value
        if leaf in self._states:
            self.show(leaf, value, self.agenda.now)

    def acknowledge(self, order: Order, result: str, value: Value) -> None:
        """Answer a command; one that was expired or fenced or met a busy device may come again."""
        if result not in ("expired", "busy", FENCED):
            self._results[order.id] = result
        if self.up:
            body = self._stamps.ack(order.id, result, value, self.agenda.now, self.fence.held)
            self._send("ack", body, retain=False)

    def switch(self, on: bool, now: int, why: str = "off") -> None:
        """Power: off is lost at the next flush; on, when nothing keeps it off, boots afresh."""
        (self._off.discard if on else self._off.add)(why)
        was, self.off = self.off, bool(self._off)
        if was and not self.off:
            self._restart()
            self._try_at = now + BOOT_MS
            self.agenda.at(self._try_at, _look_again)

    def hurry(self, now: int) -> None:
        """Forget the back-off: connect at the next flush."""
        self._retry_ms, self._try_at = FIRST_RETRY_MS, now
        self.agenda.at(now + 1, _look_again)

    def deafen(self, why: str, deaf: bool) -> None:
        """Commands reach it no more; or again, when nothing keeps them away."""
        (self._deafened.append if deaf else self._deafened.remove)(why)
        self.deaf = bool(self._deafened)

    def turn_away(self, away: bool, now: int) -> None:
        """The broker lets it in no more, or again."""
        self._turned_away = away
        self._way_changed(False, now)
        if not away:
            self.hurry(now)

    def false_will(self) -> None:
        """Its will is published although it is there."""
        if self.up:
            self.outbox.append(self.will)

    def leave_command(self, left: bool) -> None:
        """Leave a command from time 0 retained in the broker, or take it away again."""
        topic, point = next(iter(self._commands.items()))
        if self.up:
            self.outbox.append(leftover(topic, point) if left else nothing_left(topic))

    def say_again(self) -> None:
        """Send every state once more."""
        if self.up:
            for leaf, (value, t_ms) in self._states.items():
                self._send_state(leaf, value, t_ms)

    def _way_changed(self, healed: bool, at: int) -> None:
        """Once the network is whole again, what was a connection is dead and a new one will do."""
        self.barred = self._turned_away or self.net.apart
        if healed and self.up:
            self.trouble = "lost"
        if healed:
            self.hurry(at)

    def _restart(self) -> None:
        self._stamps.restart(self._rng)
        self._results.clear()
        self.will = self._testament()

    def _testament(self) -> Publication:
        body = self._stamps.status("lost", self.agenda.now)
        return Publication(self._base + "status", body, retain=True)

    def _back_off(self, now: int) -> None:
        wait_ms = self._retry_ms * float(self._rng.uniform(0.5, 1.5))
        self._retry_ms = min(2 * self._retry_ms, LONGEST_RETRY_MS)
        self._try_at = now + int(wait_ms)
        self.agenda.at(self._try_at, _look_again)

    def _beat(self, at: int) -> None:
        self.agenda.at(at + HEARTBEAT_MS, self._beat)
        if self.up and not self.off:
            self._send("hb", self._stamps.heartbeat(at), retain=False)

    def _send_events(self) -> None:
        for leaf, value, t_ms in self._events:
            self._send(leaf, self._stamps.state(value, t_ms), retain=False)
        self._events.clear()

    def _send_state(self, leaf: str, value: Value, t_ms: int) -> None:
        self._send(leaf, self._stamps.state(value, t_ms), retain=True)

    def _send(self, leaf: str, payload: bytes, retain: bool) -> None:
        said: tuple[Publication, ...] = (Publication(self._base + leaf, payload, retain),)
        for fault in self.speech:
            said = tuple(part for one in said for part in fault(one))
        if self.net.calm:
            self.outbox += said
            return
        for publication in said:
            self.net.out.send(publication, len(publication.payload))

    def _take(self, topic: str, payload: bytes) -> None:
        self.received += 1
        self.tape.update(b"<" + topic.encode() + b"\0" + payload)


def _look_again(at: int) -> None:
    """A time at which a slice must run, because a connection will be tried then."""
