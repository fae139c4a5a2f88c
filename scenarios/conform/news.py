"""Waiting for what comes in: until something is so, or the patience is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from controller.interface.clock import wait_for_event, wall_us


class News(asyncio.Event):
    """Set whenever something has come in."""

    async def until(self, reached: Callable[[], bool], patience_ms: float) -> bool:
        """Wait until something is so; whether it came to be in time."""
        end = wall_us() / 1000 + patience_ms
        while not reached():
            left = end - wall_us() / 1000
            if left <= 0:
                return False
            await wait_for_event(self, left / 1000)
            self.clear()
        return True
