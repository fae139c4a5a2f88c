"""The books of a run: what must have arrived where, kept the same way on every rig.

The exchange is the broker of rig `memory`; on rig `wire` it says what the real broker must deliver.
"""

from __future__ import annotations

from controller.interface.clock import Done, Grant
from devices.bank import Bank
from devices.exchange import Exchange
from devices.gateway import Gateway
from devices.links import Links
from devices.surroundings import Record

CONTROLLER = "controller"
EVERYTHING = 1 << 62


class Books:
    """Counts for grants, records of broker and controller links, totals for the result.

    `real` are gateways and MQTT devices of the field: what they send is not counted.
    """

    def __init__(self, bank: Bank, record: Record, real: frozenset[str] = frozenset()) -> None:
        self.bank = bank
        self.exchange = Exchange()
        emulated = {name: s for name, s in bank.stations.items() if name not in real}
        self.links = Links(emulated, self.exchange)
        self._real = real
        self.now = 0
        self.drops = 0
        self.session = 0
        self._record = record
        self._linked = False

    def grant(self, now: int, stop: bool) -> Grant:
        """Return the grant of a slice: cumulative counts of what must have been seen.

        A gateway that is switched off has closed its connection, and one that garbled its frames
        has made the controller close it: waiting there for replies without end means waiting until
        the loss is seen.
        """
        gateways = self.bank.gateways
        return Grant(
            now,
            inbox=-1 if self._real else self.exchange.delivered(CONTROLLER),
            session=self.session,
            drops=self.drops,
            replies={name: self._replies(name, gateway) for name, gateway in gateways.items()}
            | {name: webhook.ended for name, webhook in self.bank.webhooks.items()},
            held=tuple(n for n, g in gateways.items() if g.holds or n in self._real),
            stop=stop,
        )

    def _replies(self, name: str, gateway: Gateway) -> int:
        """Return the replies to wait for; nobody knows when a real device answers."""
        if name in self._real:
            return -1
        return EVERYTHING if gateway.ended else gateway.replies

    def scanned(self, done: Done) -> None:
        """Take note of the controller's connection to the broker, and of what its writes mean."""
        self.bank.name_writes(done.writes)
        if done.session > self.session:
            self.session = done.session
            self._link("up")
        elif self._linked and not done.connected:
            self._link("down")

    def broker(self, up: bool) -> None:
        """The broker goes down (every session drops) or comes back empty."""
        self._record(self.now, 1, "broker", "broker", what="start" if up else "stop")
        if up:
            self.exchange.start()
        else:
            self.drops += self.exchange.connected(CONTROLLER)
            self.exchange.stop()

    def _link(self, what: str) -> None:
        self._linked = what == "up"
        self._record(self.now, 4, "link", CONTROLLER, what=what)

    def tapes(self) -> dict[str, str]:
        """Return name -> digest of what crossed each binding."""
        gateways = {f"modbus {n}": g.tape.hexdigest() for n, g in self.bank.gateways.items()}
        stations = {f"mqtt {n}": s.tape.hexdigest() for n, s in self.bank.stations.items()}
        webhooks = {f"http {n}": w.tape.hexdigest() for n, w in self.bank.webhooks.items()}
        return gateways | stations | webhooks

    def messages(self) -> int:
        """Return MQTT messages that devices sent and received so far."""
        return sum(station.sent + station.received for station in self.bank.stations.values())

    def requests(self) -> int:
        """Return Modbus requests of the controller so far."""
        return sum(gateway.requests for gateway in self.bank.gateways.values())
