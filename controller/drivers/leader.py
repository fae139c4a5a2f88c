"""Who leads, as told over MQTT: the epoch that a controller announces, and the highest it hears.

The announcement is retained and comes one scan after a session began, so that one that was replaced
while it was away hears of it before it speaks. Devices that keep the convention hear it too, and
refuse commands of an older epoch (`fenced`, with the one that they hold).
"""

from __future__ import annotations

from controller.drivers.routes import epoch_topic
from controller.interface import envelope
from controller.interface.catalogue.boards import LAST_EPOCH
from controller.interface.envelope import Malformed
from controller.interface.points import Quality


class Leader:
    """Our `epoch` (0: a controller without a twin, which announces nothing); `heard`: the highest
    that anybody else has announced or holds."""

    def __init__(self, site: str, epoch: int) -> None:
        self.topic = epoch_topic(site)
        self.epoch = epoch
        self.heard = 0
        self._owed = False
        self._began_ms = 0

    def opened(self, now: int) -> None:
        """A session has begun."""
        self._owed, self._began_ms = self.epoch > 0, now

    def due(self, now: int) -> bool:
        """Whether to announce now: once a session, unless another one leads."""
        if not self._owed or now <= self._began_ms or self.heard > self.epoch:
            return False
        self._owed = False
        return True

    def announcement(self, now: int, session: int) -> bytes:
        """What to announce."""
        return envelope.encode_state(now, session, str(self.epoch), Quality.GOOD, self.epoch)

    def hear(self, payload: bytes) -> None:
        """Somebody announces an epoch, ourselves too; what is none is passed over."""
        message = envelope.decode_state(payload)
        if not isinstance(message, Malformed) and type(message.value) is int:
            self.learn(message.value)

    def learn(self, epoch: int) -> None:
        """An epoch that is in force somewhere."""
        if self.heard < epoch <= LAST_EPOCH:
            self.heard = epoch

    @property
    def replaced_by(self) -> int:
        """The epoch of a controller that has replaced this one; 0 if none has."""
        return self.heard if self.heard > self.epoch else 0
