"""What makes a crush likelier or rarer on a campus, as it is now: light, hurry, staff, portals.

Set by scripts and devices; people get it with their conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from evacuation.conditions import CALM, Handling

EMERGENCY_LX = 1.0
"""Under an emergency light that is lit (EN 1838: 1 lx on escape routes)."""
DARK_LX = 0.1
"""At night without either."""


class Handled:
    """The handling of crowds by space and portal; ``version`` grows with every change."""

    def __init__(self, spaces: Sequence[str]) -> None:
        self._spaces = spaces
        self._urgency: dict[str, float] = {}
        self._rails: dict[str, bool] = {}
        self._marshals: set[str] = set()
        self._told: set[str] = set()
        self._metered: dict[str, float] = {}
        self._held: set[str] = set()
        self._night = False
        self.version = 0

    def hurry(self, spaces: str, urgency: float) -> None:
        """People in spaces (a glob) want to go so many times as fast as usual; 1 calms them."""
        for name in self._named(spaces):
            self._urgency[name] = urgency
        self.version += 1

    def marshal(self, spaces: str, stands: bool) -> None:
        """Staff stand in spaces (a glob), ready to stop people; or leave them."""
        self._change(self._marshals, self._named(spaces), stands)

    def tell(self, spaces: str, told: bool) -> None:
        """Tell people in spaces (a glob) of falls: stop, step back; or no longer."""
        self._change(self._told, self._named(spaces), told)

    def rail(self, spaces: str, has: bool) -> None:
        """Say whether a handrail is in reach on stairs (a glob), whatever their width."""
        for name in self._named(spaces):
            self._rails[name] = has
        self.version += 1

    def meter(self, portal: str, per_s: float | None) -> None:
        """Let at most so many a second through a portal; None ends it."""
        if per_s is None:
            self._metered.pop(portal, None)
        else:
            self._metered[portal] = per_s
        self.version += 1

    def hold(self, portal: str, held: bool) -> None:
        """Let nobody through a portal, though it is open and not locked; or let them go on."""
        self._change(self._held, [portal], held)

    def fall_night(self) -> None:
        """From now on there is no daylight: light comes from the mains and emergency lights."""
        self._night = True
        self.version += 1

    def look(
        self, mains: bool, lit: Mapping[str, bool], lamps: Mapping[str, Sequence[str]]
    ) -> Handling:
        """Return it with the light of this moment; the same CALM where nothing is out of order."""
        light: dict[str, float] = {}
        if self._night and not mains:
            for name in self._spaces:
                shines = any(lit.get(lamp) for lamp in lamps.get(name, ()))
                light[name] = EMERGENCY_LX if shines else DARK_LX
        found = Handling(
            dict(self._urgency), light, frozenset(self._marshals), frozenset(self._told),
            dict(self._rails), dict(self._metered), frozenset(self._held),
        )  # fmt: skip
        return CALM if found == CALM else found

    def _named(self, pattern: str) -> list[str]:
        return [name for name in self._spaces if fnmatchcase(name, pattern)]

    def _change(self, these: set[str], names: Iterable[str], on: bool) -> None:
        (these.update if on else these.difference_update)(names)
        self.version += 1
