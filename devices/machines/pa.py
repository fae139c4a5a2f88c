"""PA zone: starts within 2 s, then tone and voice in turn; people know it once a phrase is spoken.

Classes are dismissed by name, and people held back, without a tone: that is no alarm.

GB 50116-2013 4.8.6 and 4.8.9: a tone of 8 to 20 s, then a voice clip of 10 to 30 s.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.dismiss import BELL, DISMISS
from controller.interface.kinds import HOLDING
from controller.interface.points import Value
from devices.motion import Motion
from devices.wiring import Wiring

LEAST_PRIORITY = 8
HALF = 50
"""Level of a zone with half of its loudspeakers or of its power, percent."""


class PaZone:
    """Points: message w ("" is silence), priority w, playing r, level r (%), trouble r.

    A message of a lower priority than the one that plays is refused (1 is highest; whoever sets
    none always gets through). Wrong: it plays another message than it reports. Amplifier: nothing
    comes out. Microphone: a stuck talk key covers every message.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._start_ms = wiring.drawn(rng, "start")
        self._motion = Motion(wiring)
        self._message = ""
        self._heard = ""
        self._priority = self._playing = LEAST_PRIORITY

    def start(self, at: int) -> None:
        """Silent."""
        self.wiring.show("playing", "")
        self._report()

    def command(self, point: str, value: Value, at: int) -> str:
        """Play a message from its beginning, or fall silent; a repeat goes on undisturbed."""
        if point == "priority":
            return self._rank(value)
        message = str(value)
        if _phrase(message) not in self.wiring.kind.points["message"].words:
            return "rejected"
        if self._message and self._priority > self._playing:
            return "interlock"
        if not self.wiring.stuck and message != self._message:
            self._message = message
            self._playing = self._priority if message else LEAST_PRIORITY
            self._hush()
            self._motion.start(at + self._start_ms, self._play)
        return "ok"

    def settle(self, at: int) -> None:
        """Off: silent, and what it was told is forgotten. Nothing is heard through a fault."""
        if self.wiring.off:
            self._message = ""
            self._motion.stop()
            self.wiring.show("playing", "")
        if self.wiring.off or self._mute:
            self._hush()
        elif self._message and not self._heard:
            self._motion.start(at + self._start_ms, self._play)
        self._report()

    @property
    def _mute(self) -> bool:
        return bool({"amplifier", "microphone"} & self.wiring.failing.keys())

    def _rank(self, value: Value) -> str:
        if type(value) is not int or not 1 <= value <= LEAST_PRIORITY:
            return "rejected"
        self._priority = value
        return "ok"

    def _play(self, at: int) -> None:
        self.wiring.show("playing", self._message)
        if self._message and not self._mute:
            wrong = self.wiring.wrong
            said = self._message if wrong is None else str(wrong)
            phrase = _phrase(said)
            tone_ms = 0 if phrase in (DISMISS, BELL, *HOLDING) else self.wiring.ms("tone")
            phrase_ms = tone_ms + self.wiring.ms(phrase)
            self._motion.start(at + phrase_ms, lambda _: self._said(said))

    def _said(self, message: str) -> None:
        """The first full phrase has been spoken; tone and voice go on in turn until stopped."""
        self._heard = message
        self.wiring.actuate(f"voice:{self.wiring.id}", message)

    def _hush(self) -> None:
        if self._heard:
            self._heard = ""
            self.wiring.actuate(f"voice:{self.wiring.id}", "")

    def _report(self) -> None:
        failing = self.wiring.failing
        trouble = next((name for name in ("amplifier", "microphone") if name in failing), "")
        level = 0 if "amplifier" in failing else HALF if "half" in failing else 100
        self.wiring.update("trouble", trouble)
        self.wiring.update("level", level)


def _phrase(message: str) -> str:
    """The phrase of a message, without the classes that a dismissal names."""
    word, _, classes = message.partition(" ")
    return DISMISS if word == DISMISS and classes else message
