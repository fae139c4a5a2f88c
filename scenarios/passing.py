"""What people, animals and the wind do at doors and fences: verbs of a scenario."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scenarios.happening import Timed
from scenarios.quantity import Duration


class Card(Timed):
    """Somebody shows a card at a reader: a member of a group (`c1-1.p07`), or a card's hash."""

    card: str
    who: str = Field(min_length=2)


class Arrive(Timed):
    """People of groups (a glob) come in through portals with readers (a glob), over a time.

    A share slips in `unread` behind others. `earlier`: before the run; readers hand it in now.
    """

    arrive: str
    through: str = "*"
    over: Duration = 60_000
    unread: float = Field(0.0, ge=0, le=0.5)
    earlier: bool = False


class Lasting(Timed):
    """Something that is over after a time."""

    lasts: Duration = 60_000


class Wind(Lasting):
    """Wind of so many m/s, outside."""

    wind: float = Field(gt=0, le=60)


Place = Annotated[tuple[float, ...], Field(min_length=2, max_length=2)]


class Intruder(Lasting):
    """Somebody who has no business there is in a space; or goes along `path` (x, y in m), through
    fences and walls, at `speed` m/s, and stays at its end while his time `lasts`.
    """

    intruder: str
    path: tuple[Place, ...] = ()
    speed: float = Field(1.3, gt=0, le=10)


class Animal(Lasting):
    """A cat, a fox or a bird is in a space."""

    animal: str
