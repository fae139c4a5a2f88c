"""How far a value may be trusted."""

from __future__ import annotations

from enum import StrEnum


class Quality(StrEnum):
    """How far a value may be trusted; anything but GOOD is not knowledge of the present state."""

    GOOD = "good"
    STALE = "stale"
    FAULT = "fault"
    TEST = "test"
    DISABLED = "disabled"
    UNKNOWN = "unknown"
