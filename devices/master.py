"""One Modbus master as its gateway keeps book of it: what it asked, what it must have received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from controller.interface.modbus import Stream
from devices.failing.framing import Sent


@dataclass(slots=True)
class Master:
    """A master. `view` is what it has received, once frames were garbled; `lost`: it hangs up.

    `epoch` is what it has claimed at the fence of its board."""

    counted: bool
    replies: int = 0
    view: Stream | None = None
    lost: bool = False
    epoch: int = 0

    @property
    def halfway(self) -> bool:
        """Whether it has received part of a frame."""
        return self.view is not None and self.view.halfway

    def hear(self, sent: Sent) -> None:
        """Count what it receives as whole frames; strict masters hang up when framing is lost."""
        if self.view is None:
            self.view = Stream()
        for piece in sent.pieces:
            self.replies += len(self.view.feed(piece))
        self.lost = self.lost or sent.cut or bool(self.view.broken)


class Outgoing(NamedTuple):
    """What is sent to a master now, each piece in a segment of its own; reset it after if `cut`."""

    conn: int
    pieces: tuple[bytes, ...]
    cut: bool
