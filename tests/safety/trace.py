"""What was true on the proving ground and when: signals as the times at which they changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from tests.safety.timeline import Timeline

Value = Any


class Trace:
    """Every signal from 0 to `ends_ms`; a signal that was never set is None throughout.

    `register:DEVICE` what the panel's register says of a loop device; `output:POINT` what stands in
    the board's output register; `told:POINT` the last command that reached an MQTT device;
    `ELEMENT` (portal:x, sound:x, voice:x, ...) what the device truly does; `relay` the hard-wired
    fire contact; `controller`, `broker` whether they are up; `faults:TARGET` those that stand;
    `people`, `crowd` what the world holds; `record:WHAT` what the controller put on record.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.ends_ms = timeline.ends_ms
        self._times: dict[str, list[int]] = {}
        self._values: dict[str, list[Value]] = {}

    def put(self, name: str, t_ms: int, value: Value) -> None:
        """A signal has this value from now on."""
        times = self._times.setdefault(name, [])
        values = self._values.setdefault(name, [])
        if values and values[-1] == value:
            return
        if times and times[-1] == t_ms:
            values[-1] = value
            return
        times.append(t_ms)
        values.append(value)

    def note(self, name: str, t_ms: int, value: Value) -> None:
        """Something happened: kept even if the same happened before."""
        self._times.setdefault(name, []).append(t_ms)
        self._values.setdefault(name, []).append(value)

    def changes(self, name: str) -> Iterator[tuple[int, Value]]:
        """(when, new value), in order of time."""
        return zip(self._times.get(name, ()), self._values.get(name, ()), strict=True)

    def names(self, prefix: str) -> list[str]:
        """The signals whose names begin so."""
        return [name for name in self._times if name.startswith(prefix)]

    def at(self, name: str, t_ms: int) -> Value:
        """The value at a time (after what happened at that very time)."""
        place = bisect_right(self._times.get(name, []), t_ms)
        return self._values[name][place - 1] if place else None

    def between(self, name: str, start: int, end: int) -> list[tuple[int, Value]]:
        """The value at `start` and every change up to and with `end`."""
        times = self._times.get(name, [])
        low, high = bisect_right(times, start), bisect_right(times, end)
        return [
            (start, self.at(name, start)),
            *zip(times[low:high], self._values.get(name, [])[low:high], strict=True),
        ]

    def first(self, name: str, value: Value, start: int, end: int) -> int | None:
        """When the signal first has the value from `start` on, up to `end`."""
        return next((t for t, v in self.between(name, start, end) if v == value), None)

    def always(self, name: str, value: Value, start: int, end: int) -> bool:
        """Whether the signal has the value throughout."""
        return all(v == value for _, v in self.between(name, start, end))

    def sound(self, targets: Iterable[str], start: int, end: int) -> bool:
        """Whether none of the targets has any fault at any time within [start, end]."""
        return all(
            not any(v for _, v in self.between(f"faults:{target}", start, end))
            for target in targets
        )
