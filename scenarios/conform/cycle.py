"""Switching a device off and on by a command of the integrator's (a smart plug, a relay)."""

from __future__ import annotations

import asyncio

from scenarios.conform.verdict import BrokenError

_LONGEST_S = 120


async def power_cycle(command: str) -> None:
    """Run the command; BrokenError if it fails or takes longer than two minutes."""
    process = await asyncio.create_subprocess_shell(
        command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_LONGEST_S):
            code = await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise BrokenError(f"`{command}` has not ended after {_LONGEST_S} s") from None
    if code:
        raise BrokenError(f"`{command}` ended with code {code}")
