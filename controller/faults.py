"""Everything that is out of order on a site, since when, and what will not stay in order.

A fault is shown at once and goes when its reason goes. One that comes and goes more often than
`FALLS` times within `WINDOW_MS` is too slow for any filter: what it concerns is `unstable` until
nothing has happened for `STEADY_MS`, and until then nothing it says is taken for all quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

FALLS, WINDOW_MS = 3, 300_000
STEADY_MS = 120_000
BRIEF_MS = 100_000
"""How long a fault that has no end of its own, such as a malformed message, is shown."""

UNSTABLE = "unstable"
_NEVER = 1 << 62
Note = Callable[[str, str, bool], None]
"""Takes entity, what is out of order, and whether it is now (or no more)."""


class Faults:
    """The faults that stand, by entity and word; `note` is told of every one that comes or goes."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._standing: dict[tuple[str, str], int] = {}
        self._ends: dict[tuple[str, str], int] = {}
        self._falls: dict[str, tuple[int, ...]] = {}

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        """Entity, word and time of every fault that stands, oldest first."""
        return ((entity, what, since) for (entity, what), since in self._standing.items())

    def stands(self, entity: str, what: str) -> bool:
        """Whether a fault stands."""
        return (entity, what) in self._standing

    def set(self, entity: str, what: str, *, wrong: bool, now: int) -> None:
        """Something is out of order, or no more; nothing happens where nothing changes."""
        key = (entity, what)
        if wrong and key not in self._standing:
            self._standing[key] = now
            self._note(entity, what, True)
        elif not wrong and key in self._standing:
            del self._standing[key]
            self._ends.pop(key, None)
            self._note(entity, what, False)

    def brief(self, entity: str, what: str, now: int) -> None:
        """Something that has no end of its own: shown for `BRIEF_MS` after the last time."""
        self.set(entity, what, wrong=True, now=now)
        self._ends[entity, what] = now + BRIEF_MS

    def fell(self, source: str, now: int) -> None:
        """A gateway or device that was in order is not: too often makes it unstable.

        Several points of a device that fall in the same scan are one fall.
        """
        recent = tuple(t for t in self._falls.get(source, ()) if 0 < now - t < WINDOW_MS)
        self._falls[source] = falls = (*recent, now)[-FALLS:]
        if len(falls) >= FALLS:
            self.set(source, UNSTABLE, wrong=True, now=now)
            self._ends[source, UNSTABLE] = now + STEADY_MS

    def settle(self, now: int) -> None:
        """Let go of what has run out."""
        for entity, what in [key for key, end in self._ends.items() if end <= now]:
            self._ends.pop((entity, what), None)
            if what == UNSTABLE:
                self._falls.pop(entity, None)
            self.set(entity, what, wrong=False, now=now)

    @property
    def wake_ms(self) -> int:
        """When a fault next runs out."""
        return min(self._ends.values(), default=_NEVER)
