"""A gateway of another make: its own client limit, identity, commands and silent panels."""

from __future__ import annotations

from collections.abc import Mapping

from controller.interface.modbus import (
    IDENTIFY,
    ILLEGAL_ADDRESS,
    Refusal,
    Reply,
    Request,
)
from controller.interface.points import Device, Gateway, PointList
from devices.agenda import Agenda
from devices.gateway import Gateway as Server
from devices.gateway import Write
from devices.panels.alarmline import AlarmlineCard
from devices.panels.card import PanelCard
from devices.panels.gst import GstCard
from devices.panels.notifier import HoneywellCard, NotifierCard
from devices.panels.siemens import SiemensCard
from devices.profile import Profile
from devices.surroundings import Record

CARDS: Mapping[str, type[PanelCard]] = {
    "notifier": NotifierCard,
    "notifier-cgw": HoneywellCard,
    "siemens-nk8237": SiemensCard,
    "gst": GstCard,
    "kidde-alarmline": AlarmlineCard,
}
_BASIC, _ONE = 2, 4
"""Highest object of a basic identification; the read code that asks for one object."""


class PanelGateway(Server):
    """A register server with a card behind it that knows what its registers mean."""

    def __init__(self, id: str, card: PanelCard, record: Record) -> None:
        profile = Profile(card.functions, (0, 0, 0, 0), 1, 0, False, card.unknown_unit, "")
        super().__init__(id, profile, card.units, {}, record)
        self.card = card

    def connect(self, conn: int, counted: bool = True) -> bool:
        """Take a master; with many detectors fewer than four are served."""
        if len(self._clients) >= self.card.clients:
            return False
        return super().connect(conn, counted)

    def heed(self, write: Write, at: int) -> None:
        """Carry out a command that no point of the I/O list stands for."""
        self.card.heed(write.unit, write.address, write.raw, at)

    def _reply(self, asked_unit: int, request: Request | Refusal, *rest: int) -> Reply:
        reply = super()._reply(asked_unit, request, *rest)
        if reply.objects and isinstance(request, Request):
            return self._identify(request)
        return reply

    def hush(self, unit: int, silent: bool) -> None:
        """A panel stops answering the gateway, which may show that."""
        super().hush(unit, silent)
        self.card.silent = self.silent
        self.card.summarise(unit)

    def _identify(self, request: Request) -> Reply:
        code, first = request.address, request.count
        if code == _ONE:
            objects = tuple(one for one in self.card.identity if one[0] == first)
            if not objects:
                return Reply(IDENTIFY, exception=ILLEGAL_ADDRESS)
        else:
            most = _BASIC if code == 1 else 0xFF
            objects = tuple(one for one in self.card.identity if first <= one[0] <= most)
        return Reply(IDENTIFY, objects=objects, address=code)

    def _objection(self, unit: int, area: str, request: Request) -> int:
        for address, raw in enumerate(request.values, request.address):
            exception = self.card.objection(unit, address, raw)
            if exception:
                return exception
        return 0


def panel_gateway(points: PointList, name: str, agenda: Agenda, record: Record) -> PanelGateway:
    """The gateway of a fire panel of another make, with the loops that the I/O list names."""
    gateway: Gateway = points.gateways[name]
    members: list[Device] = [d for d in points.devices.values() if d.gateway == name]
    return PanelGateway(name, CARDS[gateway.profile](gateway, members, agenda), record)
