"""What the controller has of every watched camera, with what is wrong with some of them.

A dismissal long a camera is off, covered, frozen or late; each with the same small chance.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from controller.crowdvalues import Crowd
from controller.interface.points import Quality, Sample
from evacuation.streams import stream
from twin.twin import Twin

FAULTS = ("off", "lens-blocked", "frozen", "late")
FAULTY = 0.01
"""The share of cameras with each of these during a dismissal (assumed)."""
GONE_MS = 3000
"""A camera that is off is lost to the controller after this: its link ends at once, a broker tells
of it within seconds (assumed)."""
FREEZES_MS = (10_000, 120_000)
FROZEN_MS = 15_000
"""A frozen camera counts as stale from here on: its picture counter stands."""
LATE_MS = 5000
"""A late one tells everything by so much later (assumed)."""

Picture = dict[str, Sample]


class Feed:
    """The cameras of one dismissal, as they tell."""

    def __init__(self, twin: Twin, crowd: Crowd, seed: int) -> None:
        self._twin, self._crowd = twin, crowd
        random = stream(seed, "dismissal/cameras")
        self.faults: dict[str, str] = {}
        for watch in crowd.watches.values():
            if random.random() < FAULTY * len(FAULTS):
                self.faults[watch.camera] = str(random.choice(FAULTS))
        self._froze = int(random.integers(*FREEZES_MS))
        self._stood: Picture = {}
        self._late: deque[Picture] = deque()
        for camera, fault in self.faults.items():
            if fault in ("off", "lens-blocked"):
                twin.bank.fault(0, camera, fault)

    def picture(self, now: int) -> Picture:
        """What the controller would have of every watched camera now; ask once a slice."""
        fresh = dict(self._told(now))
        if now <= self._froze:
            self._stood = fresh
        self._late.append(fresh)
        while len(self._late) > 1 and self._time(self._late[1]) <= now - LATE_MS:
            self._late.popleft()
        return {name: self._as_had(sample, now) for name, sample in fresh.items()}

    def _told(self, now: int) -> list[tuple[str, Sample]]:
        found = []
        for watch in self._crowd.watches.values():
            values = self._twin.bank.devices[watch.camera].wiring.values
            for point in watch.says:
                value = values.get(point.rpartition(".")[2], 0)
                found.append((point, Sample(point, value, Quality.GOOD, now)))
        return found

    def _as_had(self, sample: Sample, now: int) -> Sample:
        """A sample as its camera's fault leaves it."""
        fault = self.faults.get(sample.point.rpartition(".")[0])
        quality, value = Quality.GOOD, sample.value
        if fault == "off" and now >= GONE_MS:
            quality = Quality.STALE
        elif fault == "frozen" and now > self._froze:
            value = self._stood[sample.point].value
            quality = Quality.STALE if now - self._froze >= FROZEN_MS else Quality.GOOD
        elif fault == "late":
            value = self._late[0][sample.point].value
        return Sample(sample.point, value, quality, now)

    @staticmethod
    def _time(picture: Mapping[str, Sample]) -> int:
        return next(iter(picture.values())).t_ms
