"""The stations' connections to the exchange: who connects, who is lost, what is sent, in order.

On rig `memory` this is all there is. On rig `wire` the same steps are then taken on real sockets,
so both rigs agree by construction on what must happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from devices.exchange import Exchange, Publication
from devices.station import Station


class Act(Enum):
    """What happens to a station's connection."""

    CONNECT = "connect"
    REFUSED = "refused"
    DROP = "drop"
    LOSE = "lose"
    CLASH = "clash"


class Step(NamedTuple):
    """One step of a flush, to be repeated on the wire; `send` follows what `act` did, if anything.

    `will` is what the station connects with.
    """

    station: Station
    act: Act | None
    will: Publication | None
    send: tuple[Publication, ...]


class Links:
    """All stations and the exchange they talk to."""

    def __init__(self, stations: Mapping[str, Station], exchange: Exchange) -> None:
        self.exchange = exchange
        self._stations = {name: stations[name] for name in sorted(stations)}
        self._endings = exchange.endings

    def flush(self, now: int) -> list[Step]:
        """Bring every connection up to date and hand over what waits to be sent."""
        steps: list[Step] = []
        known, self._endings = self._endings, self.exchange.endings
        all_stand = known == self._endings
        for station in self._stations.values():
            if station.up and not (station.off or station.barred or station.trouble):
                act = None if all_stand else self._check(station, now)
            else:
                act = self._change(station, now)
            if act is not None or station.outbox:
                will = station.will if act is Act.CONNECT else None
                steps.append(Step(station, act, will, self._send(station)))
        return steps

    def deliver(self) -> None:
        """Hand every station what the exchange has for it."""
        for name in sorted(self.exchange.waiting()):
            station = self._stations.get(name)
            if station is not None:
                for topic, payload in self.exchange.take(name):
                    station.receive(topic, payload)

    def _check(self, station: Station, now: int) -> Act | None:
        if self.exchange.connected(station.client_id):
            return None
        station.dropped(now)
        return Act.DROP

    def _change(self, station: Station, now: int) -> Act | None:
        trouble, station.trouble = station.trouble, ""
        if station.up and not self.exchange.connected(station.client_id):
            return self._check(station, now)
        if station.up and trouble == "clash":
            return self._clash(station, now)
        if station.up:
            self.exchange.lose(station.client_id)
            station.dropped(now)
            if trouble:
                station.hurry(now)
            return Act.LOSE
        if not station.wants_link(now):
            return None
        if not station.barred and self.exchange.connect(
            station.client_id, station.will, station.subscriptions
        ):
            station.linked(now)
            return Act.CONNECT
        station.refused(now)
        return Act.REFUSED

    def _clash(self, station: Station, now: int) -> Act:
        """A stranger connects with the same client id, which ends the session, and leaves."""
        self.exchange.connect(station.client_id, None, ())
        self.exchange.disconnect(station.client_id)
        station.dropped(now)
        return Act.CLASH

    def _send(self, station: Station) -> tuple[Publication, ...]:
        sent = tuple(station.drain())
        self.exchange.publish(station.client_id, *sent)
        return sent
