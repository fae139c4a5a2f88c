"""Making something happen before the device by a command of the integrator's (`--provoke`)."""

from __future__ import annotations

from scenarios.conform.cycle import carry_out


async def provoke(command: str) -> None:
    """Run the command that makes a panel print or a camera see; "" is none.

    ValueError if it fails.
    """
    why = await carry_out(command) if command else ""
    if why:
        raise ValueError(f"`--provoke`: {why}")
