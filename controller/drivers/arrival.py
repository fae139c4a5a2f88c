"""Waiting, inside one event loop, for something to arrive: one waiter, woken by the receiver."""

from __future__ import annotations

import asyncio


class Arrival:
    """A bell that a link rings when bytes came or the connection went."""

    def __init__(self) -> None:
        self._waiter: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Wake whoever waits."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self) -> None:
        """Wait for the next ring."""
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
