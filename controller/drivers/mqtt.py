"""The controller's MQTT conversation: inbox in a fixed order, heartbeats watched, reconnects.

What arrived up to a grant is sorted by (topic, seq), so that it does not matter in which order a
broker delivered it. A device that has not been heard for 3 s, or whose will says so, is lost.
"""

from __future__ import annotations

from controller.drivers.backoff import Backoff
from controller.drivers.cameras import Cameras
from controller.drivers.consoles import Consoles
from controller.drivers.dialer import Dialer
from controller.drivers.inbox import Inbox
from controller.drivers.leader import Leader
from controller.drivers.life import Life
from controller.drivers.links import MqttLink
from controller.drivers.listener import EventListener
from controller.drivers.picture import judged
from controller.drivers.routes import (
    answer_topic,
    console_of,
    fitting,
    hears_answers,
    routes,
    status_topic,
)
from controller.interface import envelope, topics
from controller.interface.clock import Grant
from controller.interface.envelope import Malformed
from controller.interface.points import Command, Point, PointList, Quality, Value

SILENCE_MS = 3000
"""Three heartbeats of 1 s; a will alone cannot supervise this, it comes after 1.5 keep-alives."""

TTL_MS, LEAST = 5000, 8

BROKER = "broker"
_EVERYTHING = 1 << 62


class MqttDriver:
    """One session with the broker for all MQTT devices. The scan calls: arrive, then open.

    Commands are stamped `utc_ms` later than the scan's clock: a device in the field does not know
    when this controller was started, so the two share UTC only.
    """

    def __init__(
        self,
        points: PointList, link: MqttLink, listener: EventListener,
        *, lockstep: bool, utc_ms: int = 0, epoch: int = 0,
    ) -> None:  # fmt: skip
        self.link = link
        self.session = 0
        self.drops = 0
        self.published: dict[str, int] = {}
        self.leader = Leader(points.site, epoch)
        self._site = points.site
        self._listener = listener
        self._lockstep = lockstep
        self.utc_ms = utc_ms
        self._dialer = Dialer(link, lockstep=lockstep)
        self._backoff = Backoff()
        self._inbox = Inbox()
        self._up = self._away = False
        ours = [d for d in points.devices.values() if d.bus == "mqtt" and not d.dialect]
        self._devices = {d.id: d for d in ours}
        self._cameras = Cameras(points.devices.values(), listener)
        self._routes = dict(routes(points.site, self._devices.values()))
        self._heard = dict.fromkeys(self._devices, 0)
        self._boots: dict[str, str] = {}
        self._life = {d.id: life for d in ours if (life := Life(d.points))}
        self._frozen: set[str] = set()
        self.consoles = Consoles()
        self._answers = 0
        self._silent: dict[str, bool] = {}

    @property
    def connected(self) -> bool:
        """Whether the session stands."""
        return self._up and self.link.connected

    async def arrive(self, grant: Grant) -> None:
        """Wait for what the grant counts, then take it in, in order of topic and number."""
        if self._lockstep:
            if grant.drops > self.drops and self._up:
                await self.link.settle(_EVERYTHING)
            elif grant.session == self.session and self._up and grant.inbox >= 0:
                await self.link.settle(grant.inbox)
        for topic, payload in self._inbox.new(self.link.take()):
            self._receive(topic, payload, grant.t_ms)
        if self._up and not self.link.connected:
            self._up = False
            self.drops += 1
            self._backoff.failed(grant.t_ms)
            self._lose_broker()
        if self.connected and self.leader.due(grant.t_ms):
            said = self.leader.announcement(grant.t_ms, self.session)
            await self.link.publish(self.leader.topic, said, retain=True)
        self._supervise(grant.t_ms)
        self._cameras.supervise(grant.t_ms)

    async def open(self, now: int) -> None:
        """Connect if there is no session and it is time to try."""
        if self._up or now < self._backoff.due_ms or not (self._devices or self._cameras):
            return
        worked = await self._dialer.dial()
        if worked is None:
            return
        if not worked:
            self._backoff.failed(now)
            self._listener.comms(BROKER, "refused")
            self._lose_broker()
            return
        self._up = True
        self.session += 1
        self._inbox = Inbox()
        self._backoff.worked()
        self.leader.opened(now)
        status = envelope.encode_status(now, self.session, "controller", "ready")
        await self.link.publish(status_topic(self._site), status, retain=True)
        if self._away:
            self._away = False
            self._listener.comms(BROKER, "restored")
        self._listener.returned(frozenset(self._devices), again=False)

    async def publish(self, command: Command, point: Point, now: int) -> bool:
        """Send a command; False if there is no session to send it in."""
        if not self.connected:
            return False
        device = self._devices[point.device]
        payload = self._worded(command.id, command.value, command.priority, now)
        await self.link.publish(topics.topic(self._site, device, point.binding.leaf), payload)
        self.published[device.id] = self.published.get(device.id, 0) + 1
        return True

    @property
    def wake_ms(self) -> int:
        """When a device next counts as silent, or the broker is to be tried again."""
        silence = next(iter(self._heard.values()), _EVERYTHING) + SILENCE_MS
        silence = min(silence, self._cameras.wake_ms)
        if self._up or not (self._devices or self._cameras):
            return silence
        return min(silence, self._backoff.due_ms)

    def close(self) -> None:
        """End the session."""
        self._dialer.cancel()
        self.link.close()

    async def answer(self, console: str, text: str, now: int) -> None:
        """Tell a console what became of what it asked; on a lost connection it is not told."""
        self._answers += 1
        name = f"{console}.answer#{self._answers}"
        payload = self._worded(name, text, LEAST, now)
        await self.link.publish(answer_topic(self._site, console), payload)
        device = self._devices.get(console)
        if device is not None and hears_answers(device) and self.connected:
            self.published[console] = self.published.get(console, 0) + 1

    def _worded(self, name: str, value: Value, priority: int, now: int) -> bytes:
        sent_ms = now + self.utc_ms
        return envelope.encode_command(name, value, priority, TTL_MS, sent_ms, self.leader.epoch)

    def _receive(self, topic: str, payload: bytes, now: int) -> None:
        console = console_of(self._site, topic)
        if console:
            self.consoles.hear(console, payload)
            return
        if topic == self.leader.topic:
            self.leader.hear(payload)
            return
        route = self._routes.get(topic)
        if route is None:
            self._cameras.receive(topic, payload, now)
            return
        device, leaf, point = route
        if leaf == "hb":
            message = self._heartbeat(device, payload, now)
        elif point is not None:
            message = self._state(device, point, payload, now)
        elif leaf == "status":
            message = self._status(device, payload, now)
        else:
            message = self._ack(device, payload, now)
        if isinstance(message, Malformed):
            self._listener.comms(device, "malformed", why=message.reason, leaf=leaf)

    def _heartbeat(self, device: str, payload: bytes, now: int) -> object:
        message = envelope.decode_heartbeat(payload)
        if not isinstance(message, Malformed):
            self._alive(device, message.boot, now)
        return message

    def _state(self, device: str, point: Point, payload: bytes, now: int) -> object:
        message = envelope.decode_state(payload)
        if isinstance(message, Malformed):
            self._listener.doubt(point.id, Quality.FAULT)
            return message
        self._alive(device, message.boot, now)
        value = fitting(message.value, point.binding.as_type)
        if value is None:
            self._listener.doubt(point.id, Quality.FAULT)
            return Malformed(f"{message.value!r:.40} is not a {point.binding.as_type}")
        value, quality = judged(point, value, message.quality)
        if not self._beats(device, point, value, now):
            quality = Quality.STALE if quality is Quality.GOOD else quality
        tell = self._listener.event if point.happens else self._listener.reading
        tell(point.id, value, quality, message.t_ms - self.utc_ms if point.happens else now)
        return message

    def _beats(self, device: str, point: Point, value: Value, now: int) -> bool:
        """Whether the device shows signs of life, as far as it has any."""
        life = self._life.get(device)
        if life is None:
            return True
        life.hear(point.id, value, now)
        if life.still and device not in self._frozen:
            self._frozen.add(device)
            self._listener.comms(device, "frozen")
            self._doubt(device, Quality.STALE)
        elif device in self._frozen and not life.still:
            self._frozen.discard(device)
            self._listener.comms(device, "moves")
        return not life.still

    def _ack(self, device: str, payload: bytes, now: int) -> object:
        message = envelope.decode_ack(payload)
        if not isinstance(message, Malformed):
            self._alive(device, message.boot, now)
            self.leader.learn(message.epoch)
            self._listener.answer(message.id, message.result)
        return message

    def _status(self, device: str, payload: bytes, now: int) -> object:
        """A will of an earlier boot says nothing about this one."""
        message = envelope.decode_status(payload)
        if isinstance(message, Malformed):
            return message
        if message.state in ("lost", "off"):
            if self._boots.get(device, message.boot) == message.boot:
                self._lose(device)
        else:
            self._alive(device, message.boot, now)
            if message.state == "ready":
                self._listener.returned(frozenset((device,)), again=False)
        return message

    def _alive(self, device: str, boot: str, now: int) -> None:
        self._heard.pop(device, None)
        self._heard[device] = now
        known = self._boots.get(device)
        if known != boot:
            self._boots[device] = boot
            if known is not None:
                self._listener.comms(device, "rebooted")
                self._forget(device)
                self._doubt(device, Quality.UNKNOWN)
                self._listener.returned(frozenset((device,)), again=True)
        if self._silent and self._silent.pop(device, False):
            self._listener.comms(device, "restored")
            self._listener.returned(frozenset((device,)), again=False)

    def _supervise(self, now: int) -> None:
        """`_heard` is in the order of hearing, so only its head can be silent."""
        while self._heard:
            device, heard_ms = next(iter(self._heard.items()))
            if now - heard_ms < SILENCE_MS:
                return
            self._lose(device)

    def _lose(self, device: str) -> None:
        self._heard.pop(device, None)
        if self._silent.get(device):
            return
        self._silent[device] = True
        self._listener.comms(device, "lost")
        self._forget(device)
        self._doubt(device, Quality.STALE)

    def _lose_broker(self) -> None:
        if not self._away:
            self._away = True
            self._listener.comms(BROKER, "lost")

    def _forget(self, device: str) -> None:
        if device in self._life:
            self._life[device].forget()
        if device in self._frozen:
            self._frozen.discard(device)
            self._listener.comms(device, "moves")

    def _doubt(self, device: str, quality: Quality) -> None:
        for point in self._devices[device].points:
            if not point.write:
                self._listener.doubt(point.id, quality)
