"""What happened to people during one advance; only things that did happen are listed."""

from dataclasses import dataclass, field

Notice = tuple[str, int, str, str, str]
Segment = tuple[str, str, str, int, int]
Passage = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Moves:
    """The events of one advance, times in milliseconds since run start.

    ``notices``: (person, t, cue source, cue kind, cause), the first cue of a person.
    ``segments``: (person, space, state, t_in, t_out), closed stretches, gapless per person from 0;
    states ``unaware``, ``premove``, ``walk``, ``queue`` and, for those who can go no further,
    ``incapacitated``.
    ``outs``: (person, portal, t); the portal is empty for those who start in a safe place.
    ``turned``: (person, portal, t), found or learnt that this portal, which he was going to or
    meant to pass further on, is closed or smoky, and gave his way up. ``switched``: (person,
    portal, t), left the way through that portal for a better one, mostly because of a queue.
    ``incapacitated``: (person, space, t).
    """

    notices: list[Notice] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    outs: list[Passage] = field(default_factory=list)
    turned: list[Passage] = field(default_factory=list)
    switched: list[Passage] = field(default_factory=list)
    incapacitated: list[Passage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stranded:
    """Somebody who can not reach an exit as things are, and why."""

    person: str
    space: str
    reason: str
