"""Card reader with the part of its door's board that opens: asks, obeys, and decides when alone.

It shows the controller the hash of a card and waits for a verdict. Where none comes in time, or
there is no way to ask, it decides by itself: a way out opens for everybody, a way in for the cards
that it has seen let in before (setting `alone`). What it decided so it hands in afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.wiring import Wiring

Opener = Callable[[int], None]


class CardReader:
    """Points: card event, passed event, verdict w, alone r, tamper r.

    `opens` is the wire to what it opens: the lock or turnstile of its portal, None if there is
    none. `linked` tells whether there is a way to the controller.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self.opens: Opener | None = None
        self.linked: Callable[[], bool] = lambda: True
        self._read_ms = wiring.drawn(rng, "read")
        self._waits = Motion(wiring)
        self._asking = ""
        self._ready_ms = 0
        self._known: dict[str, None] = {}
        self._kept: list[tuple[int, str]] = []

    def start(self, at: int) -> None:
        """Nobody has come yet."""
        self.wiring.show("alone", False)
        self.wiring.show("tamper", False)

    def press(self, at: int) -> None:
        """Somebody shows a card that no system knows."""
        self.order("p-" + "0" * 20, at)

    def order(self, word: str, at: int) -> None:
        """A card with this hash is shown."""
        if self.wiring.off or "missed" in self.wiring.failing:
            return
        shown_ms = max(at, self._ready_ms) + self._read_ms
        for _ in range(2 if "twice" in self.wiring.failing else 1):
            self._ready_ms = shown_ms + self.wiring.ms("next")
            self.wiring.agenda.at(shown_ms, self._reading(word))
            shown_ms = self._ready_ms

    def keep(self, card: str, at: int) -> None:
        """It has let a card pass by itself earlier, and has not handed that in yet."""
        self._kept.append((at, card))
        self._remember(card)
        self.wiring.agenda.at(at, self._hand_in)

    def command(self, point: str, value: Value, at: int) -> str:
        """`yes CARD` or `no CARD`."""
        said, _, card = str(value).partition(" ")
        if card != self._asking or said not in ("yes", "no"):
            return "rejected"
        self._asking = ""
        self._waits.stop()
        self._alone(False, at)
        if said == "yes":
            self._remember(card)
            self._open(at)
        self.wiring.record("sense", what="granted" if said == "yes" else "refused")
        return "ok"

    def settle(self, at: int) -> None:
        """Lid, network, power."""
        self.wiring.update("tamper", "tamper" in self.wiring.failing)
        if self.wiring.off:
            self._asking = ""
            self._waits.stop()
        self._hand_in(at)

    def _reading(self, card: str) -> Callable[[int], None]:
        def read(at: int) -> None:
            self.wiring.record("sense", what="read", card=card)
            if not self._connected:
                self._decide(card, at)
                return
            self._asking = card
            self.wiring.show("card", card, at)
            self._waits.start(at + self.wiring.ms("wait"), self._unheard)

        return read

    @property
    def _connected(self) -> bool:
        return "offline" not in self.wiring.failing and self.linked()

    def _unheard(self, at: int) -> None:
        card, self._asking = self._asking, ""
        self._decide(card, at)

    def _decide(self, card: str, at: int) -> None:
        """Nobody answers: by itself."""
        self._alone(True, at)
        whom = self.wiring.setting("alone")
        let = self.wiring.setting("side") != "in" or whom == "all"
        if let or (whom == "known" and card in self._known):
            self.wiring.cause = "alone"
            self._open(at)
            self._kept.append((at, card))
            self.wiring.record("sense", what="let-in-alone")
            self._hand_in(at)
        else:
            self.wiring.record("sense", what="refused-alone")

    def _open(self, at: int) -> None:
        if self.opens is not None:
            self.opens(at)

    def _remember(self, card: str) -> None:
        self._known.pop(card, None)
        self._known[card] = None
        while len(self._known) > int(self.wiring.setting("memory")):
            del self._known[next(iter(self._known))]

    def _alone(self, alone: bool, at: int) -> None:
        self.wiring.update("alone", alone)

    def _hand_in(self, at: int) -> None:
        """Send what was decided alone, once there is a network; events wait for the link."""
        if "offline" in self.wiring.failing:
            return
        kept, self._kept = self._kept, []
        for t_ms, card in kept:
            self.wiring.show("passed", card, t_ms)
