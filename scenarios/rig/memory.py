"""Rig `memory`: one process and no sockets, but every byte through the same codecs.

The exchange is the broker, the gateways answer frames directly; the controller's drivers run over
links that never suspend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from controller.drivers.links import Ended, HttpLink, ModbusLink, MqttLink, Will
from controller.interface import points
from controller.interface.clock import Done, Grant
from controller.interface.modbus import Adu, Stream
from controller.scan import Controller
from devices.exchange import Exchange, Publication
from devices.gateway import Gateway
from devices.webhook import Answered, Asked, Webhook
from scenarios.rig.books import CONTROLLER, Books

_CONN = 1


class MemoryModbus:
    """A connection to a gateway in the same process."""

    def __init__(self, gateway: Gateway, now: Callable[[], int]) -> None:
        self._gateway, self._now = gateway, now
        self._open = False
        self._stream = Stream()
        self._inbox: list[Adu] = []

    @property
    def connected(self) -> bool:
        """Whether the connection stands; a gateway that is switched off ends it."""
        return self._open and not self._gateway.refuses

    async def connect(self) -> bool:
        """Open it; False if the gateway refuses."""
        self.close()
        self._stream = Stream()
        self._open = self._gateway.connect(_CONN)
        return self._open

    def send(self, adu: bytes) -> None:
        """Send one frame; the reply is there at once unless the gateway holds it."""
        if self.connected:
            reply = self._gateway.receive(_CONN, adu, self._now())
            if reply is not None:
                self.deliver(reply)

    def deliver(self, data: bytes) -> None:
        """Take a reply in, a late one too; hang up when framing is lost."""
        if self._open:
            self._inbox += self._stream.feed(data)
            if self._stream.broken:
                self.hang_up()

    def hang_up(self) -> None:
        """Lose the connection; what has come is kept."""
        if self._open:
            self._gateway.disconnect(_CONN)
        self._open = False

    async def settle(self, count: int) -> None:
        """Everything that was sent has come already."""

    def take(self) -> Sequence[Adu]:
        """Return the frames that came since the last call, in order."""
        inbox, self._inbox = self._inbox, []
        return inbox

    def close(self) -> None:
        """Close it."""
        self.hang_up()
        self._inbox.clear()


class MemoryMqtt:
    """A session with the exchange."""

    def __init__(self, exchange: Exchange, will: Will, filters: Sequence[str]) -> None:
        self._exchange, self._filters = exchange, filters
        self._will = Publication(will.topic, will.payload, retain=True)

    @property
    def connected(self) -> bool:
        """Whether the session stands."""
        return self._exchange.connected(CONTROLLER)

    async def connect(self) -> bool:
        """Open a clean session; False while the exchange is down."""
        return self._exchange.connect(CONTROLLER, self._will, self._filters)

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand over one message."""
        self._exchange.publish(CONTROLLER, Publication(topic, payload, retain))

    async def settle(self, count: int) -> None:
        """Everything that was sent has come already."""

    def take(self) -> Sequence[tuple[str, bytes]]:
        """Return the messages that came since the last call."""
        return self._exchange.take(CONTROLLER)

    def close(self) -> None:
        """End the session in good order."""
        self._exchange.disconnect(CONTROLLER)


class MemoryHttp:
    """Requests to a receiver in the same process."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._ends: list[Ended] = []

    async def send(self, number: int, method: str, notice: str, body: bytes, wait: bool) -> bool:
        """Hand over one request; False while the receiver is away."""
        if self._webhook.refuses:
            return False
        self._webhook.receive(Asked(number, method, notice, body))
        return True

    def deliver(self, answered: Answered) -> None:
        """Take an answer in; status 0: the connection is cut."""
        self._ends.append(Ended(answered.conn, answered.status, answered.body or b"cut"))

    async def settle(self, count: int) -> None:
        """Everything that was answered has come already."""

    def take(self) -> Sequence[Ended]:
        """Return the ends that came since the last call, in the order of the requests."""
        ends, self._ends = self._ends, []
        return sorted(ends, key=lambda one: one.number)

    def close(self) -> None:
        """Nothing is underway here."""


class MemoryLinks:
    """Makes links in memory (`controller.drivers.links.Links`)."""

    def __init__(
        self,
        gateways: Mapping[str, Gateway],
        exchange: Exchange,
        now: Callable[[], int],
        webhooks: Mapping[str, Webhook] | None = None,
    ) -> None:
        self._gateways, self._exchange, self._now = gateways, exchange, now
        self._webhooks = webhooks or {}
        self.made: dict[str, MemoryModbus] = {}
        self.receivers: dict[str, MemoryHttp] = {}

    def modbus(self, gateway: points.Gateway) -> ModbusLink:
        """Return a link to a gateway, not yet connected."""
        link = MemoryModbus(self._gateways[gateway.id], self._now)
        self.made[gateway.id] = link
        return link

    def http(self, receiver: points.Device) -> HttpLink:
        """Return a link to a receiver of notices."""
        link = self.receivers[receiver.id] = MemoryHttp(self._webhooks[receiver.id])
        return link

    def mqtt(self, host: str, port: int, will: Will, filters: Sequence[str]) -> MqttLink:
        """Return a link to the exchange, not yet connected."""
        return MemoryMqtt(self._exchange, will, filters)


class MemoryField:
    """Broker, gateways and controller in this process."""

    def __init__(self, books: Books, links: MemoryLinks, controller: Controller) -> None:
        self._books, self._links, self._controller = books, links, controller

    async def flush(self, now: int) -> None:
        """Bring stations up to date, deliver late replies."""
        self._books.now = now
        self._books.links.flush(now)
        for name, gateway in self._books.bank.gateways.items():
            for _, pieces, cut in gateway.due(now):
                link = self._links.made[name]
                link.deliver(b"".join(pieces))
                if cut:
                    link.hang_up()

        for name, receiver in self._links.receivers.items():
            for answered in self._books.bank.webhooks[name].due(now):
                receiver.deliver(answered)

    def grant(self, now: int, stop: bool) -> Grant:
        """Return the grant for this slice."""
        return self._books.grant(now, stop)

    async def step(self, grant: Grant) -> Done:
        """Let the controller scan."""
        done = await self._controller.step(grant)
        self._books.scanned(done)
        return done

    async def collect(self, done: Done) -> None:
        """Hand the stations what the controller published."""
        self._books.links.deliver()

    async def restart_broker(self, up: bool) -> None:
        """Take the exchange down or bring it back."""
        self._books.broker(up)

    async def stop(self, now: int) -> None:
        """Tell the controller that the run is over."""
        self._controller.stop()
