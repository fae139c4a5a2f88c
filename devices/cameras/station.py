"""The network side of a camera of another make: its own topics, no heartbeat and no envelope."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.cameras.dialects import CONNECTION, prefix_of
from controller.interface.cameras.telling import Message, Told, plate
from controller.interface.points import Device, Value
from devices.agenda import Agenda
from devices.calendar import Calendar
from devices.cameras.voices import VOICES
from devices.exchange import Publication
from devices.station import FIRST_RETRY_MS, HEARTBEAT_MS, Station
from devices.surroundings import Record

_CONNECTED, _GONE = b'{"connected":true}', b'{"connected":false}'


class CameraStation(Station):
    """A station that says what its camera sees in its maker's words."""

    def __init__(
        self,
        site: str,
        device: Device,
        agenda: Agenda,
        rng: Generator,
        record: Record,
        calendar: Calendar,
    ) -> None:
        self._prefix = prefix_of(device) + "/"
        self._voice = VOICES[device.dialect](plate(device.id))
        self._calendar, self._timers = calendar, agenda
        super().__init__(site, device, agenda, rng, record)
        self._base = self._prefix

    def linked(self, now: int) -> None:
        """Connected: says so, and what it sees; its clock goes on from where it stands."""
        self.up = True
        self._retry_ms = FIRST_RETRY_MS
        self._record(now, 2, "link", self.client_id, what="up")
        self._send(CONNECTION, _CONNECTED, retain=True)
        for leaf, (value, t_ms) in self._states.items():
            self._send_state(leaf, value, t_ms)

    def _testament(self) -> Publication:
        return Publication(self._prefix + CONNECTION, _GONE, retain=True)

    def _send_state(self, leaf: str, value: Value, t_ms: int) -> None:
        told = Told(leaf.partition("/")[2], value, self._calendar.at(t_ms))
        self._say(self._voice.tell(told))

    def _beat(self, at: int) -> None:
        self._timers.at(at + HEARTBEAT_MS, self._beat)
        if self.up and not self.off:
            self._say(self._voice.tick(self._calendar.at(at)))

    def _say(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            self._send(message.leaf, message.payload, message.retain)
