"""What people, animals and the wind do at doors and fences: verbs of a scenario."""

from __future__ import annotations

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


class Intruder(Lasting):
    """Somebody who has no business there is in a space."""

    intruder: str


class Animal(Lasting):
    """A cat, a fox or a bird is in a space."""

    animal: str
