"""Switching a device off and on by a command of the integrator's (a smart plug, a relay)."""

from __future__ import annotations

import asyncio

from scenarios.conform.verdict import BrokenError

_LONGEST_S = 120


async def power_cycle(command: str) -> None:
    """Run the command; BrokenError if it fails or takes longer than two minutes."""
    why = await carry_out(command)
    if why:
        raise BrokenError(why)


async def carry_out(command: str) -> str:
    """Run a command in a shell; what went wrong, "" for nothing."""
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
        return f"`{command}` has not ended after {_LONGEST_S} s"
    return f"`{command}` ended with code {code}" if code else ""
