"""A platform that takes the password for wrong: last of all, for afterwards the device is away."""

from __future__ import annotations

from controller.interface.clock import pause, wall_us
from scenarios.conform.verdict import Roll, demand
from scenarios.conform.video.bench import VideoBench
from scenarios.conform.video.platform import EXPIRES_S

REFUSING: Roll[VideoBench] = Roll()
_AFTER_S = 7.0
_MOST_ATTEMPTS = 3
"""Within `_AFTER_S`; one that tries without end locks its account on a real platform."""


@REFUSING.test("refused", "a wrong password: it takes itself for not registered", writes=True)
async def _refused(bench: VideoBench) -> str:
    """Refused with 403 it takes itself for not registered: no keepalives, no storm of attempts."""
    platform = bench.platform
    platform.refusing = True
    try:
        since = len(platform.attempts)
        came = await platform.until(
            lambda: len(platform.attempts) > since, 1000.0 * (EXPIRES_S + 2)
        )
        demand(came, f"no renewal within the {EXPIRES_S} s that were granted")
        heard, began = len(platform.got), wall_us()
        await pause(_AFTER_S)
        told = bench.told("Keepalive", since=heard)
        late = [one for one, _ in told if one.at_ms * 1000 > began + 1e6]
        demand(not late, f"{len(late)} keepalives after it was refused")
        tried = len(platform.attempts) - since
        demand(tried <= _MOST_ATTEMPTS, f"{tried} attempts within {_AFTER_S:g} s of a refusal")
    finally:
        platform.refusing = False
    return f"refused: {tried} attempt(s) and no keepalive in the {_AFTER_S:g} s that follow"
