"""Power supply with battery: what it says of mains, charger and charge while a board lives on it.

Voltage of two 12 V lead-acid blocks: held at 27.3 V by the charger; under load it falls with the
charge to 21.0 V, where the supply cuts off (EN 54-4, (m)). What hangs behind it in the twin is fed
by the mains of its place: an empty supply switches nobody off (a limit).
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from devices.battery import Battery
from devices.motion import Motion
from devices.wiring import Wiring

FLOAT_CV = 2730
CHARGE_PERCENT = (0, 10, 20, 50, 80, 100)
VOLTAGE_CV = (2100, 2270, 2350, 2440, 2520, 2560)
"""Voltage (1/100 V) by charge, at a tenth of the capacity per hour (lead-acid data sheets, (m))."""


class PowerSupply:
    """Points: mains-ok r, charger-ok r, battery-ok r, earth-ok r, voltage r (1/100 V), battery r
    (%), load r (mA).

    Mains: its own fuse has gone. Charger: the battery carries on unfed. Faded: the battery holds
    this share of its charge. Earth: a conductor touches earth.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._load_a = float(wiring.setting("load_a"))
        hours = float(wiring.setting("capacity_ah")) / self._load_a
        self._battery = Battery(
            wiring, round(3_600_000 * hours), wiring.ms("recharge"), self._drained
        )
        self._notice_ms = wiring.drawn(rng, "notice")
        self._notice = Motion(wiring)

    def start(self, at: int) -> None:
        """Mains there, battery full."""
        for point in ("mains-ok", "charger-ok", "battery-ok", "earth-ok"):
            self.wiring.show(point, True)
        self.wiring.show("load", round(1000 * self._load_a))
        self._drained(at)

    def settle(self, at: int) -> None:
        """The source has changed, or a fault; what it says of it follows after its time."""
        self._battery.fade(int(self.wiring.failing.get("faded", 100)))
        self._battery.feed(self._charged, at)
        self._notice.start(at + self._notice_ms, self._tell)
        self._drained(at)

    @property
    def _fed(self) -> bool:
        return self.wiring.mains and "mains" not in self.wiring.failing

    @property
    def _charged(self) -> bool:
        return self._fed and "charger" not in self.wiring.failing

    def _tell(self, at: int) -> None:
        failing = self.wiring.failing
        self.wiring.update("mains-ok", self._fed)
        self.wiring.update("charger-ok", "charger" not in failing)
        self.wiring.update("battery-ok", "faded" not in failing and self._battery.percent > 0)
        self.wiring.update("earth-ok", "earth" not in failing)

    def _drained(self, at: int) -> None:
        percent = self._battery.percent
        cells = round(float(np.interp(percent, CHARGE_PERCENT, VOLTAGE_CV)))
        voltage = FLOAT_CV if self._charged else cells if percent else 0
        self.wiring.update("voltage", voltage)
        self.wiring.update("battery", percent)
        if not percent:
            self._tell(at)
