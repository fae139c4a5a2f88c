"""What somebody has to do before he leaves: help another out, stand at a post, sweep rooms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Help:
    """How somebody who can not take stairs alone is brought out, said of him.

    ``by`` are the persons who come for him, all of them. They meet in ``meet``; "" is where he is
    at the start. ``prepare_ms`` is the time from there to the first step together (transfer into
    a chair), ``speed_m_s`` and ``stair_speed_m_s`` are those of the party, and ``wheels_m`` above
    zero tells that it can not take stairs either (he is pushed in his wheelchair of that width).
    ``patience_ms`` is how long helpers wait where he is not.
    """

    by: tuple[str, ...]
    speed_m_s: float
    stair_speed_m_s: float
    meet: str = ""
    prepare_ms: int = 30_000
    wheels_m: float = 0.0
    patience_ms: int = 300_000


@dataclass(frozen=True, slots=True)
class Marshal:
    """Stands in a space and points to a portal, his own best way if it is "".

    He leaves when nobody has been on the way in his space for ``quiet_ms``, ``stay_ms`` after he
    came at the latest, when a cue of kind ``relieve`` reaches him, or when smoke there is dense.
    """

    at: str
    tells: str = ""
    quiet_ms: int = 60_000
    stay_ms: int = 1_800_000


@dataclass(frozen=True, slots=True)
class Sweep:
    """Visits rooms one by one, looks round in each for ``look_ms``, and sends out who is there."""

    rooms: tuple[str, ...]
    look_ms: int = 5_000


Task = Marshal | Sweep
