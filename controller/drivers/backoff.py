"""When to try a lost connection again: after 1 s, then twice as long each time, up to 30 s."""

from __future__ import annotations

FIRST_MS, LAST_MS = 1000, 30_000


class Backoff:
    """Growing pauses between attempts, on the scan clock."""

    def __init__(self) -> None:
        self.due_ms = 0
        self._pause_ms = FIRST_MS

    def failed(self, now: int, *, hurry: bool = False) -> None:
        """An attempt failed or a connection was lost: pause longer next time, unless in a hurry."""
        self.due_ms = now + (FIRST_MS if hurry else self._pause_ms)
        self._pause_ms = min(2 * self._pause_ms, LAST_MS)

    def hurry(self, now: int) -> None:
        """Something is owed: do not wait longer than the shortest pause from now on."""
        self.due_ms = min(self.due_ms, now + FIRST_MS)

    def worked(self) -> None:
        """The peer has answered: start over with the shortest pause."""
        self._pause_ms = FIRST_MS
