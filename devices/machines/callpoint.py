"""Manual call point: breaks into the poll cycle in less than 1 s and stays pressed."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from controller.interface.registers import ALARM, NORMAL
from devices.loop import POLL_MS
from devices.machines.detector import TROUBLE, LoopPanel
from devices.wiring import Wiring

INTERRUPT_MS = (200, 900)


class CallPoint:
    """Point: state r. Off: missing from the loop, pressing it does nothing."""

    def __init__(self, wiring: Wiring, rng: Generator, panel: LoopPanel) -> None:
        self.wiring = wiring
        self._panel = panel
        self._interrupt_ms = int(rng.integers(INTERRUPT_MS[0], INTERRUPT_MS[1] + 1))
        self._pressed = False

    def start(self, at: int) -> None:
        """Glass whole."""

    def command(self, point: str, value: Value, at: int) -> str:
        """A call point takes no commands."""
        return "rejected"

    def press(self, at: int) -> None:
        """Somebody breaks the glass; it stays broken."""
        self._pressed = True
        self.reset(at)

    def reset(self, at: int) -> None:
        """The panel has been reset; broken glass reports itself again."""
        if self._pressed:
            self.wiring.agenda.at(at + self._interrupt_ms, self._report)

    def faulted(self, at: int) -> None:
        """The panel misses it, or finds it again, within one poll of the loop."""
        self.wiring.agenda.at(at + POLL_MS, self._report)

    def _report(self, at: int) -> None:
        level = TROUBLE if self.wiring.off else ALARM if self._pressed else NORMAL
        self._panel.report(self.wiring, level, at)
