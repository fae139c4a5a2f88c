"""PA zone: starts within 2 s, then tone and voice in turn; people know it once a phrase is spoken.

GB 50116-2013 4.8.6 and 4.8.9: a tone of 8 to 20 s, then a voice clip of 10 to 30 s.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.wiring import Wiring

START_MS = (500, 2000)
TONE_MS = 8000
VOICE_MS = {"evacuate": 12000, "lockdown": 15000, "drill": 12000, "test": 10000}
"""Length of each recorded clip; a message without one is rejected."""


class PaZone:
    """Points: message w ("" is silence), playing r. Wrong: it plays another message than asked."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._start_ms = int(rng.integers(START_MS[0], START_MS[1] + 1))
        self._motion = Motion(wiring)
        self._message = ""
        self._heard = ""

    def start(self, at: int) -> None:
        """Silent."""
        self.wiring.show("playing", "")

    def command(self, point: str, value: Value, at: int) -> str:
        """Play a message from its beginning, or fall silent; a repeat goes on undisturbed."""
        message = str(value)
        if message and message not in VOICE_MS:
            return "rejected"
        if not self.wiring.stuck and message != self._message:
            self._message = message
            self._hush()
            self._motion.start(at + self._start_ms, self._play)
        return "ok"

    def faulted(self, at: int) -> None:
        """Off: silent, and what it was told is forgotten."""
        if self.wiring.off:
            self._message = ""
            self._motion.stop()
            self._hush()
            self.wiring.show("playing", "")

    def _play(self, at: int) -> None:
        self.wiring.show("playing", self._message)
        if self._message:
            wrong = self.wiring.wrong
            said = self._message if wrong is None else str(wrong)
            self._motion.start(at + TONE_MS + VOICE_MS[said], lambda _: self._said(said))

    def _said(self, message: str) -> None:
        """The first full phrase has been spoken; tone and voice go on in turn until stopped."""
        self._heard = message
        self.wiring.actuate(f"voice:{self.wiring.id}", message)

    def _hush(self) -> None:
        if self._heard:
            self._heard = ""
            self.wiring.actuate(f"voice:{self.wiring.id}", "")
