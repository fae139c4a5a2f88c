"""Lock-step: one slice after the other, every message and request counted.

World and crowd advance - devices sense and publish - the twin grants t - the controller scans -
devices apply - read-only sampling (DESIGN section 4; the phases are numbered in the journals).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from controller.interface.clock import Done, Grant
from scenarios.rig.script import Script
from twin.twin import Twin


class Field(Protocol):
    """What lies between devices and controller: a broker and gateways, real or in memory."""

    async def flush(self, now: int) -> None:
        """Connect who wants to, publish what devices said, send late replies."""
        ...

    def grant(self, now: int, stop: bool) -> Grant:
        """Return the grant for this slice: what the controller must have seen."""
        ...

    async def step(self, grant: Grant) -> Done:
        """Let the controller scan."""
        ...

    async def collect(self, done: Done) -> None:
        """Wait until everything that the controller sent has reached the devices."""
        ...

    async def restart_broker(self, up: bool) -> None:
        """Take the broker down (False) or bring it back (True)."""
        ...

    async def stop(self, now: int) -> None:
        """Tell the controller that the run is over."""
        ...


class Pace(Protocol):
    """Holds a slice back until its wall-clock time has come; free runs never wait."""

    async def wait(self, now: int) -> None:
        """Return when the slice at `now` may run."""
        ...


@dataclass(slots=True)
class Slices:
    """How many slices ran, and how many could be skipped because nothing could happen."""

    run: int = 0
    skipped: int = 0


@dataclass(slots=True)
class Outage:
    """A scripted broker outage: down at once, up again at `up_ms`."""

    down_now: bool = False
    up_ms: int | None = None


class Lockstep:
    """Runs the slices of one scenario until everybody is out, or it is given up."""

    def __init__(
        self,
        twin: Twin,
        field: Field,
        script: Script,
        outage: Outage,
        slice_ms: int,
        skip: bool = True,
    ) -> None:
        self._twin, self._field, self._script = twin, field, script
        self._outage, self._slice_ms, self._skip = outage, slice_ms, skip
        self.slices = Slices()
        self.now = 0

    async def run(
        self, end_ms: int, linger_ms: int, pace: Pace, progress: Callable[[int, int], None]
    ) -> None:
        """Run to the end; `now` is then the time of the last slice."""
        settled_ms: int | None = None
        while True:
            await pace.wait(self.now)
            done = await self._one_slice()
            progress(self.now, self._twin.inside)
            if settled_ms is None and self._settled():
                settled_ms = self.now
            over = settled_ms is not None and self.now >= settled_ms + linger_ms
            if over or self.now >= end_ms:
                await self._field.stop(self.now)
                return
            self._forward(done)

    def _settled(self) -> bool:
        return self._twin.settled and not self._script.pending and self._outage.up_ms is None

    async def _one_slice(self) -> Done:
        now, bank = self.now, self._twin.bank
        self._twin.advance(now)
        self._script.play(now)
        await self._broker(now)
        bank.advance(now)
        await self._field.flush(now)
        done = await self._field.step(self._field.grant(now, stop=False))
        await self._field.collect(done)
        bank.apply(now)
        self._twin.sample(now)
        self.slices.run += 1
        return done

    async def _broker(self, now: int) -> None:
        if self._outage.down_now:
            self._outage.down_now = False
            await self._field.restart_broker(up=False)
        if self._outage.up_ms is not None and now >= self._outage.up_ms:
            self._outage.up_ms = None
            await self._field.restart_broker(up=True)

    def _forward(self, done: Done) -> None:
        """Go to the next slice in which anything can happen."""
        if not self._skip:
            self.now += self._slice_ms
            return
        wakes = [done.wake_ms, self._twin.next_wake(), self._twin.bank.next_wake()]
        wakes += [
            wake for wake in (self._script.next_wake(), self._outage.up_ms) if wake is not None
        ]
        steps = max(1, -(-(min(wakes) - self.now) // self._slice_ms))
        self.slices.skipped += steps - 1
        self.now += steps * self._slice_ms
