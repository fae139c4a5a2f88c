"""What the building does to people at one moment: closed portals, smoke, signs and cues."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evacuation.smoke.air import Air


@dataclass(frozen=True, slots=True)
class Cue:
    """An alarm perceived in some spaces; ``closed`` are portals the message says not to use.

    ``kind`` is ``sounder``, ``voice``, ``smoke`` or ``told``; ``cause`` is the command behind it.
    """

    spaces: tuple[str, ...]
    source: str
    kind: str
    cause: str
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handling:
    """What makes falls and crush likelier or rarer, by space, and what is done at portals.

    ``urgency``: desired by usual speed, absent 1 (calm; 1.5 pushes in a jam, above 1.5 runs).
    ``light_lx``: illuminance, absent means lit. ``marshals``: spaces where staff stop people once
    they know of a fall. ``told``: spaces whose people are told of a fall by public address.
    ``rails``: whether a handrail is in reach, absent by the width. ``metered``: portal -> most
    persons per second; ``held``: portals that nobody is let through, though they are open;
    ``held_from``: (portal, space) that nobody is let through who comes from that space.
    ``one_way``: (portal, space) that people in that space are told not to take; who knows no other
    way out takes it. ``widths``: portal -> clear width now, m; ``narrowed``: space -> clear width
    that is left, m. All but urgency, staff, words and rails hold without the falls as well.
    """

    urgency: Mapping[str, float] = field(default_factory=dict)
    light_lx: Mapping[str, float] = field(default_factory=dict)
    marshals: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    rails: Mapping[str, bool] = field(default_factory=dict)
    metered: Mapping[str, float] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    held_from: frozenset[tuple[str, str]] = frozenset()
    one_way: frozenset[tuple[str, str]] = frozenset()
    widths: Mapping[str, float] = field(default_factory=dict)
    narrowed: Mapping[str, float] = field(default_factory=dict)


CALM = Handling()


@dataclass(frozen=True, slots=True)
class Conditions:
    """The state of the building during one advance of the crowd.

    ``closed``: portals nobody can pass. ``extinction_per_m``: smoke by space (1/m), absent means
    clear. ``barred``: space -> portals that a sign seen there forbids. ``toward``: space -> portals
    that a sign there points to. ``cues`` act on whoever is in their spaces during this advance, so
    a sounder that goes on is passed on every call. ``incapacitated``: persons who can go no further
    for a reason that the caller knows; they stay where they are. ``air``: what people breathe and
    feel by space, absent means clean; the crowd books their doses and stops them by itself.
    ``handling``: light, hurry and staff, and what is done at portals.
    """

    closed: frozenset[str] = frozenset()
    extinction_per_m: Mapping[str, float] = field(default_factory=dict)
    barred: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    toward: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    incapacitated: frozenset[str] = frozenset()
    air: Mapping[str, Air] = field(default_factory=dict)
    handling: Handling = CALM
