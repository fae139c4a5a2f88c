"""The fence of a board: of two controllers that both think they lead, the older one is refused.

Each connection claims the epoch of its controller by writing it. A number lower than the highest so
far is refused, and so is every write of a connection that has not claimed the highest. A board on
which nobody ever claimed one takes writes from everybody.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.interface import topics
from controller.interface.catalogue.boards import LAST_EPOCH
from controller.interface.envelope import Envelope, decode_state
from controller.interface.modbus import BUSY, ILLEGAL_VALUE, Request
from devices.master import Master

_WRAP = 0x10000
FENCED = "fenced"
"""The answer to a command of a controller that has been replaced."""


class CommandFence:
    """Guards an MQTT device: the highest epoch that it has heard of outlasts its power."""

    def __init__(self, site: str) -> None:
        self.topic = topics.join(site, *topics.CONTROLLER, topics.EPOCH)
        self.held = 0

    def hear(self, topic: str, payload: bytes) -> None:
        """A controller announces that it leads; anything else is passed over."""
        if topic != self.topic:
            return
        said = decode_state(payload)
        if isinstance(said, Envelope) and type(said.value) is int:
            self.admits(said.value)

    def admits(self, epoch: int) -> bool:
        """Whether a command of this epoch (0: none) may go on; a higher one is kept."""
        if self.held < epoch <= LAST_EPOCH:
            self.held = epoch
        return epoch == self.held


class Fence:
    """Guards the writes of one gateway; `unit` and `address` are the holding register `epoch`.

    `told` hears `held` and `refused` whenever one of them changes.
    """

    def __init__(self, unit: int, address: int, told: Callable[[int, int], None]) -> None:
        self.held = 0
        self.refused = 0
        self._unit, self._address, self._told = unit, address, told

    def objection(self, master: Master, unit: int, area: str, request: Request) -> int:
        """The exception that a write gets for its epoch; 0 if it may go on."""
        place = self._address - request.address
        claims = unit == self._unit and area == "holding" and 0 <= place < len(request.values)
        if claims and request.values[place] >= max(1, self.held):
            master.epoch = request.values[place]
            self._keep(master.epoch, self.refused)
            return 0
        if not claims and (not self.held or master.epoch == self.held):
            return 0
        self._keep(self.held, (self.refused + 1) % _WRAP)
        return ILLEGAL_VALUE if claims else BUSY

    def _keep(self, held: int, refused: int) -> None:
        if (held, refused) != (self.held, self.refused):
            self.held, self.refused = held, refused
            self._told(held, refused)
