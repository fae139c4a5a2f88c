"""What operators have ordered and nobody has ended: evacuation, lockdown, silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WHOLE_SITE = ""


@dataclass(slots=True)
class Orders:
    """`evacuate`: who ordered it, by zone ("": the whole site); `lockdown`: who ordered it.

    `silenced`: how many real alarms there had been when the sounders were silenced; another one
    makes them sound again. `known`: how many there had been at the end of the last scan, which
    whoever gives an order can have heard. `reset` and `release` were asked for in this scan.
    """

    evacuate: dict[str, str] = field(default_factory=dict)
    lockdown: str = ""
    silenced: int | None = None
    known: int = 0
    reset: bool = False
    release: bool = False

    def evacuates(self, zones: Sequence[str]) -> tuple[str, ...]:
        """Who has ordered to evacuate any of these zones, or the whole site; no zones: any."""
        names = [z for z in self.evacuate if z == WHOLE_SITE or not zones or z in zones]
        return tuple(dict.fromkeys(self.evacuate[name] for name in names))

    def capture(self) -> dict[str, Any]:
        """Everything that stands, as plain values."""
        return {
            "evacuate": dict(self.evacuate), "lockdown": self.lockdown, "silenced": self.silenced,
        }  # fmt: skip

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Take back what was captured."""
        self.evacuate, self.lockdown = dict(plain["evacuate"]), plain["lockdown"]
        self.silenced = plain["silenced"]
