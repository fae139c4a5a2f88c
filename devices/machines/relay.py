"""Hard-wired fire relay: a closed loop from the panel to an input; an open circuit means fire."""

from __future__ import annotations

from numpy.random import Generator

from devices.wiring import Wiring


class FireRelay:
    """Point: fire r (1: the circuit is open). Open: a cut wire, which cannot be told from fire.

    Welded: the contact no longer opens, and fire does not show.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring

    def start(self, at: int) -> None:
        """Closed: no fire."""
        self.settle(at)

    def settle(self, at: int) -> None:
        """The contact has moved, or the wire has been cut or mended."""
        failing = self.wiring.failing
        fire = "open" in failing or (self.wiring.fire and "welded" not in failing)
        if self.wiring.values.get("fire") != fire:
            self.wiring.show("fire", fire)
