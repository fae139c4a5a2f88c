"""What is done with people and their ways: verbs of a scenario that change the risk of a crush.

Each says itself which names of a site it takes (`names`) and what it does (`act`). What staff hold,
meter or make one-way by hand ends in an alarm: nobody is kept in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from pydantic import Field

from scenarios.happening import Timed
from scenarios.quantity import Duration, Flow, Illuminance, Metres
from twin.measures import Measures

HURRY = 1.5
"""Urgency of people who are told to hurry: the share who push is that of an urgent crowd."""


class Named(NamedTuple):
    """A name in a happening: under which key, of which sort, and whether it may be a glob."""

    key: str
    sort: Literal["space", "stair", "portal", "exit", "group", "place"]
    word: str
    glob: bool = False


class Intervention(Timed):
    """Something that is done with people; for a time only with `lasts`."""

    lasts: Duration | None = None

    def names(self) -> Iterator[Named]:
        """The names of the site that are meant."""
        raise NotImplementedError

    def act(self, on: Measures, now: int) -> None:
        """Do it."""
        raise NotImplementedError


class Marshal(Intervention):
    """Staff stand in spaces (a glob): who is told of a fall stops, faster and rather.

    On a landing they stand beside the flow; on a flight a dense crowd sweeps them along.
    """

    marshal: str
    posted: bool = True

    def names(self) -> Iterator[Named]:
        """The spaces."""
        yield Named("marshal", "space", self.marshal, True)

    def act(self, on: Measures, now: int) -> None:
        """Post or withdraw them."""
        on.marshal(now, self.marshal, self.posted, self.lasts)


class Light(Intervention):
    """Spaces (a glob) are lit so: 1 lx is an emergency light, 0.1 lx is dark."""

    light: str
    lux: Illuminance

    def names(self) -> Iterator[Named]:
        """The spaces."""
        yield Named("light", "space", self.light, True)

    def act(self, on: Measures, now: int) -> None:
        """Light them."""
        on.light(now, self.light, self.lux, self.lasts)


class Mains(Intervention):
    """The power of the site fails or returns; at `night` only emergency lights shine then."""

    mains: Literal["fails", "returns"]
    night: bool = False

    def names(self) -> Iterator[Named]:
        """None: it is the whole site's."""
        return iter(())

    def act(self, on: Measures, now: int) -> None:
        """Switch it, and back when it lasts only for a time."""
        returns = self.mains == "returns"
        on.mains(now, returns, self.night)
        if self.lasts is not None:
            on.mains(now + self.lasts, not returns, self.night)


class Handrail(Intervention):
    """A rail is in reach on stairs (a glob), or is not; on a wide stair it parts two lanes."""

    handrail: str
    in_reach: bool = True

    def names(self) -> Iterator[Named]:
        """The stairs."""
        yield Named("handrail", "stair", self.handrail, True)

    def act(self, on: Measures, now: int) -> None:
        """Put it up, or take it away."""
        on.handrail(now, self.handrail, self.in_reach)


class OneWay(Intervention):
    """A flight is used towards one of its ends only; in an alarm both ways again."""

    one_way: str
    toward: str

    def names(self) -> Iterator[Named]:
        """The flight and the space that it leads to."""
        yield Named("one_way", "stair", self.one_way)
        yield Named("toward", "space", self.toward)

    def act(self, on: Measures, now: int) -> None:
        """Forbid the other direction."""
        on.one_way(now, self.one_way, self.toward, self.lasts)


class Meter(Intervention):
    """At most so many people a second are let through a portal."""

    meter: str
    flow: Flow

    def names(self) -> Iterator[Named]:
        """The portal."""
        yield Named("meter", "portal", self.meter)

    def act(self, on: Measures, now: int) -> None:
        """Meter it."""
        on.meter(now, self.meter, self.flow, self.lasts)


class Hold(Intervention):
    """Staff let nobody through a portal, or nobody who comes from one side of it."""

    hold: str
    from_: str = Field("", alias="from")

    def names(self) -> Iterator[Named]:
        """The portal, and the space from which people come."""
        yield Named("hold", "portal", self.hold)
        if self.from_:
            yield Named("from", "space", self.from_)

    def act(self, on: Measures, now: int) -> None:
        """Hold it."""
        on.hold(now, self.hold, self.from_, self.lasts)


class Width(Intervention):
    """A gate, door or opening is so wide, clear."""

    width: str
    clear: Metres

    def names(self) -> Iterator[Named]:
        """The portal."""
        yield Named("width", "portal", self.width)

    def act(self, on: Measures, now: int) -> None:
        """Set it."""
        on.width(now, self.width, self.clear, self.lasts)


class Obstacle(Intervention):
    """Something lies in a space or a portal and takes a part of its width."""

    object: str
    takes: Metres

    def names(self) -> Iterator[Named]:
        """The space or portal."""
        yield Named("object", "place", self.object)

    def act(self, on: Measures, now: int) -> None:
        """Put it there."""
        on.obstruct(now, self.object, self.takes, self.lasts)


class Announce(Intervention):
    """People in spaces (a glob) are told to stop and step back, or, wrongly, to hurry."""

    announce: str
    says: Literal["stop", "hurry"]

    def names(self) -> Iterator[Named]:
        """The spaces."""
        yield Named("announce", "space", self.announce, True)

    def act(self, on: Measures, now: int) -> None:
        """Say it."""
        if self.says == "stop":
            on.announce(now, self.announce, True, self.lasts)
        else:
            on.urge(now, self.announce, HURRY, self.lasts)


class Urgency(Intervention):
    """People in spaces (a glob) want to go so many times as fast as usual; above 1.5 they run."""

    urgency: str
    times: float = Field(ge=0.5, le=2.0)

    def names(self) -> Iterator[Named]:
        """The spaces."""
        yield Named("urgency", "space", self.urgency, True)

    def act(self, on: Measures, now: int) -> None:
        """Make them hurry, or calm them."""
        on.urge(now, self.urgency, self.times, self.lasts)


class Errand(Intervention):
    """A share of groups (a glob) goes to a space and comes back, as in a break to the toilets."""

    errand: str
    to: str
    share: float = Field(1.0, gt=0, le=1)
    over: Duration = 60_000
    stays: Duration = 30_000

    def names(self) -> Iterator[Named]:
        """The groups and the space."""
        yield Named("errand", "group", self.errand, True)
        yield Named("to", "space", self.to)

    def act(self, on: Measures, now: int) -> None:
        """Send them."""
        on.errand(now, self.errand, self.to, self.share, self.over, self.stays)


class Prefer(Intervention):
    """A share of groups (a glob) leaves by one exit, though others are near: rain, a dormitory."""

    prefer: str
    exit: str
    share: float = Field(1.0, gt=0, le=1)

    def names(self) -> Iterator[Named]:
        """The groups and the exit."""
        yield Named("prefer", "group", self.prefer, True)
        yield Named("exit", "exit", self.exit)

    def act(self, on: Measures, now: int) -> None:
        """Set their minds on it."""
        on.prefer(now, self.prefer, self.exit, self.share)


INTERVENTIONS: dict[str, type[Intervention]] = {
    "marshal": Marshal, "light": Light, "mains": Mains, "handrail": Handrail, "one_way": OneWay,
    "meter": Meter, "hold": Hold, "width": Width, "object": Obstacle, "announce": Announce,
    "urgency": Urgency, "errand": Errand, "prefer": Prefer,
}  # fmt: skip
"""The verbs and what they mean."""
