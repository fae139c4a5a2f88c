"""Duty desk in the guard room: an alarm text comes up, and after 2 to 8 s the guard has seen it."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.asking import Request, encode, key_of
from controller.interface.points import Value
from devices.machine import Reader, nobody
from devices.motion import Motion
from devices.wiring import Wiring

EMULATED = "emulated"
"""Passphrase of every emulated desk. Never put its key into the operators.yaml of a real site."""


class DutyDesk:
    """Points: alarm w (text, "" clears), seen r (the text the guard has seen, or an order, which
    stands for its time whatever comes up), ask r
    (a signed request, in the name of the desk under the passphrase `EMULATED`), answer w.

    What the guard has seen he passes on to whoever has a duty then (`reader`). Stuck: the guard is
    away, nothing is seen and nothing is ordered.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._rng = rng
        self._motion = Motion(wiring)
        self._key = Motion(wiring)
        self._text = self._read = ""
        self._asked = 0
        self._ordering = False
        self.reader: Reader = nobody

    def start(self, at: int) -> None:
        """Nothing to see."""
        self.wiring.show("seen", "")

    def command(self, point: str, value: Value, at: int) -> str:
        """Put a text up; an answer is put on record."""
        if point == "answer":
            self.wiring.record("answer", what=str(value))
        elif str(value) != self._text:
            self._text = str(value)
            self._look(at)
        return "ok"

    def settle(self, at: int) -> None:
        """Off: the screen is dark. When the guard is back, what stands there is seen."""
        if self.wiring.off:
            self._text = self._read = ""
            self._motion.stop()
            self._key.stop()
            self._ordering = False
            self.wiring.show("seen", "")
        elif self._text != self._read:
            self._look(at)

    def order(self, word: str, at: int) -> None:
        """The guard gives an order, such as reset; afterwards what was seen last stands again.

        `ask VERB [TARGET] because REASON` is a request that he signs.
        """
        if self.wiring.off or self.wiring.stuck:
            return
        if word.startswith("ask "):
            self._ask(word.removeprefix("ask "), at)
        else:
            self.wiring.show("seen", word)
            self._ordering = True
            self._key.start(at + self.wiring.ms("order"), self._let_go)

    def _ask(self, words: str, at: int) -> None:
        asked, _, reason = words.partition(" because ")
        verb, *target = asked.split()
        site = self.wiring.site
        self._asked += 1
        name = self.wiring.id
        request = Request(f"{name}-{self._asked}", name, verb, " ".join(target), reason, 0, at)
        self.wiring.show("ask", encode(key_of(EMULATED, site, name), site, request))

    def _let_go(self, at: int) -> None:
        self._ordering = False
        self.wiring.show("seen", self._read)

    def _look(self, at: int) -> None:
        self._motion.stop()
        if not self.wiring.stuck:
            delay_ms = self.wiring.drawn(self._rng, "seen") if self._text else 0
            self._motion.start(at + delay_ms, self._seen)

    def _seen(self, at: int) -> None:
        self._read = self._text
        if not self._ordering:
            self.wiring.show("seen", self._text)
        element = f"desk:{self.wiring.id}"
        self.wiring.record("actuate", element=element, state=self._text, cause=self.wiring.cause)
        self.reader(self._text, {}, at)
