"""Opening a connection without holding up the scan.

In lock-step an attempt is over before the scan goes on, for it takes no simulated time. On the wall
clock it runs beside the scans, which ask now and then how it went.
"""

from __future__ import annotations

import asyncio
from typing import Protocol


class Opens(Protocol):
    """Anything that can be connected."""

    async def connect(self) -> bool:
        """Try; whether it worked."""
        ...


class Dialer:
    """One attempt at a time."""

    def __init__(self, link: Opens, *, lockstep: bool) -> None:
        self._link = link
        self._lockstep = lockstep
        self._attempt: asyncio.Task[bool] | None = None

    @property
    def busy(self) -> bool:
        """Whether an attempt is under way."""
        return self._attempt is not None

    async def dial(self) -> bool | None:
        """Try, or go on trying: whether it worked, None while that is open."""
        if self._lockstep:
            return await self._link.connect()
        if self._attempt is None:
            self._attempt = asyncio.ensure_future(self._link.connect())
        if not self._attempt.done():
            return None
        attempt, self._attempt = self._attempt, None
        return attempt.result()

    def cancel(self) -> None:
        """Give the attempt up."""
        if self._attempt is not None:
            self._attempt.cancel()
