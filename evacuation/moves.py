"""What happened to people during one advance; only things that did happen are listed."""

from dataclasses import dataclass, field
from typing import NamedTuple

Notice = tuple[str, int, str, str, str]
Segment = tuple[str, str, str, int, int]
Passage = tuple[str, str, int]
Duty = tuple[str, str, str, int]


class Fallen(NamedTuple):
    """Somebody who can go no further: where, when (ms), and by which part of which dose.

    ``cause`` is one of ``evacuation.smoke.dose.CAUSES``, empty for those whom the conditions name.
    """

    person: str
    space: str
    t_ms: int
    cause: str
    dose: float


class CrushNote(NamedTuple):
    """What happened to a crush zone: ``what`` is ``opened``, ``closed``, ``refused`` (it cannot be
    drawn) or ``carried`` (somebody was taken off a pile); ``zone`` names the zone, ``person`` whom
    it was about ("" for nobody), ``why`` the reason; ``people`` are those in the zone, ``most_n``
    the greatest compressive force on anybody so far, N. Falls in it are told as all others are.
    """

    what: str
    zone: str
    person: str
    t_ms: int
    why: str
    people: int
    most_n: float


class Fall(NamedTuple):
    """What happened to somebody in a crush: ``fall`` (why: misstep, tripped, fainted, forced; at
    how many adults per m2), ``up``, ``bend`` (down, for so many s), or ``dose`` (the level of the
    dose of force that he came to).
    """

    person: str
    space: str
    t_ms: int
    what: str
    cause: str
    value: float


@dataclass(frozen=True, slots=True)
class Moves:
    """The events of one advance, times in milliseconds since run start.

    ``notices``: (person, t, cue source, cue kind, cause), the first cue of a person.
    ``segments``: (person, space, state, t_in, t_out), closed stretches, gapless per person from 0;
    states ``unaware``, ``premove``, ``walk``, ``queue``, ``wait`` (for others of the group, for
    help, or at a post), ``refuge`` (for help, in a refuge), ``fallen``, ``lent`` (moved by somebody
    else) and, for those who can go no further, ``incapacitated``.
    ``outs``: (person, portal, t); the portal is empty for those who start in a safe place.
    ``turned``: (person, portal, t), found or learnt that this portal, which he was going to or
    meant to pass further on, is closed or smoky, and gave his way up. ``switched``: (person,
    portal, t), left the way through that portal for a better one, mostly because of a queue.
    ``incapacitated``: those who fell, with the dose that they have taken in. ``duties``: (person,
    what, space, t), what somebody with a task did, or who helped him. ``crush``: what happened in
    crush zones. ``falls``: what a crush did to people, where falls are modelled.
    """

    notices: list[Notice] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    outs: list[Passage] = field(default_factory=list)
    turned: list[Passage] = field(default_factory=list)
    switched: list[Passage] = field(default_factory=list)
    incapacitated: list[Fallen] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    crush: list[CrushNote] = field(default_factory=list)
    falls: list[Fall] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stranded:
    """Somebody who can not reach an exit as things are, and why."""

    person: str
    space: str
    reason: str
