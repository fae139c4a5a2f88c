"""What makes a crush likelier or rarer on a campus, as it is now: light, hurry, staff, portals.

Set by scripts and devices; people get it with their conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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
        self._held_from: set[tuple[str, str]] = set()
        self._one_way: set[tuple[str, str]] = set()
        self._lux: dict[str, float] = {}
        self._widths: dict[str, float] = {}
        self._narrowed: dict[str, float] = {}
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
        self._set(self._metered, [portal], per_s)

    def hold(self, portal: str, held: bool, start: str = "") -> None:
        """Let nobody through a portal, or nobody who comes from a space, though it is open and not
        locked; or let them go on.
        """
        if start:
            (self._held_from.add if held else self._held_from.discard)((portal, start))
            self.version += 1
        else:
            self._change(self._held, [portal], held)

    def one_way(self, crossings: Iterable[tuple[str, str]], only: bool) -> None:
        """Tell people not to take portals from spaces: (portal, space); or no longer."""
        (self._one_way.update if only else self._one_way.difference_update)(crossings)
        self.version += 1

    def light(self, spaces: str, lux: float | None) -> None:
        """Light spaces (a glob) so, whatever else shines; None leaves them as they are lit."""
        self._set(self._lux, self._named(spaces), lux)

    def width(self, portal: str, metres: float | None) -> None:
        """Make a portal so wide, clear; None is as built."""
        self._set(self._widths, [portal], metres)

    def narrow(self, space: str, metres: float | None) -> None:
        """Leave so much of the width of a space; None is as built."""
        self._set(self._narrowed, [space], metres)

    def fall_night(self, dark: bool = True) -> None:
        """From now on there is no daylight: light comes from the mains and emergency lights."""
        self._night = dark
        self.version += 1

    def look(
        self, mains: bool, lit: Mapping[str, bool], lamps: Mapping[str, Sequence[str]],
        alarm: bool = False,
    ) -> Handling:  # fmt: skip
        """Return it with the light of this moment; the same CALM where nothing is out of order.

        In an alarm nobody is held or metered by hand, and every way may be taken.
        """
        light: dict[str, float] = {}
        if self._night and not mains:
            for name in self._spaces:
                shines = any(lit.get(lamp) for lamp in lamps.get(name, ()))
                light[name] = EMERGENCY_LX if shines else DARK_LX
        light.update(self._lux)
        found = Handling(
            dict(self._urgency), light, frozenset(self._marshals), frozenset(self._told),
            dict(self._rails), widths=dict(self._widths), narrowed=dict(self._narrowed),
        )  # fmt: skip
        if not alarm:
            found = replace(
                found, metered=dict(self._metered), held=frozenset(self._held),
                held_from=frozenset(self._held_from), one_way=frozenset(self._one_way),
            )  # fmt: skip
        return CALM if found == CALM else found

    def _set(self, these: dict[str, float], names: Iterable[str], value: float | None) -> None:
        for name in names:
            if value is None:
                these.pop(name, None)
            else:
                these[name] = value
        self.version += 1

    def _named(self, pattern: str) -> list[str]:
        return [name for name in self._spaces if fnmatchcase(name, pattern)]

    def _change(self, these: set[str], names: Iterable[str], on: bool) -> None:
        (these.update if on else these.difference_update)(names)
        self.version += 1
