"""The alarm logic as two tables: what a point and what a zone does with every event.

`controller.alarms` looks every step up here and has no other; docs/alarms.md prints the tables.
A pair that a table lacks leaves the state as it is and tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PointState(StrEnum):
    """States of an alarm point. Fault, disablement and test lie beside them, as quality."""

    NORMAL = "normal"
    PREALARM = "prealarm"
    ALARM = "alarm"
    ENDED = "ended"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


class PointEvent(StrEnum):
    """What a point can meet: its input turns, or an operator acts."""

    WARNS = "warns"
    RISES = "rises"
    FALLS = "falls"
    LETS_GO = "lets go"
    ACKNOWLEDGE = "acknowledge"
    RESET = "reset"


class ZoneState(StrEnum):
    """States of a zone."""

    NORMAL = "normal"
    ALARM = "alarm"
    WAITING = "waiting"
    INVESTIGATING = "investigating"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"


class ZoneEvent(StrEnum):
    """What a zone can meet."""

    FIRST = "first"
    SEQUENCE = "sequence"
    FURTHER = "further"
    CONFIRMS = "confirms"
    ACKNOWLEDGE = "acknowledge"
    INVESTIGATE = "investigate"
    CLOCK = "clock"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event leads, and what is told ("": nothing)."""

    to: str
    told: str = ""


POINT_MEANING: Mapping[PointState, str] = {
    PointState.NORMAL: "nothing latched; the input is normal",
    PointState.PREALARM: "the input warns: no alarm, never counted as one",
    PointState.ALARM: "the input stands in alarm; latched; nobody has acknowledged it",
    PointState.ENDED: "the input stands no longer; still latched; T_clear runs while it is normal",
    PointState.ACKNOWLEDGED: "acknowledged; the input still stands: a reset is refused",
    PointState.CLEARED: "acknowledged and the input stands no longer; T_clear runs, then a reset",
}
EVENT_MEANING: Mapping[PointEvent, str] = {
    PointEvent.WARNS: "the input goes to pre-alarm",
    PointEvent.RISES: "the input goes to alarm, from a device neither disabled nor in test",
    PointEvent.FALLS: "the input leaves alarm or pre-alarm, in a matrix that latches",
    PointEvent.LETS_GO: "the input leaves alarm or pre-alarm, in a matrix with `latch: false`",
    PointEvent.ACKNOWLEDGE: "an operator acknowledges the point, its zone or the site",
    PointEvent.RESET: "a reset is granted: every device of the zone has been known to be normal, "
    "or disabled, for T_clear",
}

_P, _E = PointState, PointEvent
POINT: Mapping[tuple[PointState, PointEvent], Step] = {
    (_P.NORMAL, _E.WARNS): Step(_P.PREALARM, "prealarm"),
    (_P.NORMAL, _E.RISES): Step(_P.ALARM, "alarm"),
    (_P.PREALARM, _E.RISES): Step(_P.ALARM, "alarm"),
    (_P.PREALARM, _E.FALLS): Step(_P.NORMAL),
    (_P.PREALARM, _E.LETS_GO): Step(_P.NORMAL),
    (_P.ALARM, _E.WARNS): Step(_P.ENDED, "prealarm"),
    (_P.ALARM, _E.FALLS): Step(_P.ENDED),
    (_P.ALARM, _E.LETS_GO): Step(_P.NORMAL, "reset"),
    (_P.ALARM, _E.ACKNOWLEDGE): Step(_P.ACKNOWLEDGED, "acknowledged"),
    (_P.ENDED, _E.WARNS): Step(_P.ENDED, "prealarm"),
    (_P.ENDED, _E.RISES): Step(_P.ALARM, "alarm"),
    (_P.ENDED, _E.LETS_GO): Step(_P.NORMAL, "reset"),
    (_P.ENDED, _E.ACKNOWLEDGE): Step(_P.CLEARED, "acknowledged"),
    (_P.ENDED, _E.RESET): Step(_P.NORMAL, "reset"),
    (_P.ACKNOWLEDGED, _E.WARNS): Step(_P.CLEARED, "prealarm"),
    (_P.ACKNOWLEDGED, _E.FALLS): Step(_P.CLEARED),
    (_P.ACKNOWLEDGED, _E.LETS_GO): Step(_P.NORMAL, "reset"),
    (_P.CLEARED, _E.WARNS): Step(_P.CLEARED, "prealarm"),
    (_P.CLEARED, _E.RISES): Step(_P.ALARM, "alarm"),
    (_P.CLEARED, _E.LETS_GO): Step(_P.NORMAL, "reset"),
    (_P.CLEARED, _E.RESET): Step(_P.NORMAL, "reset"),
}

LATCHED = frozenset({_P.ALARM, _P.ENDED, _P.ACKNOWLEDGED, _P.CLEARED})
STANDING = frozenset({_P.ALARM, _P.ACKNOWLEDGED})

ZONE_MEANING: Mapping[ZoneState, str] = {
    ZoneState.NORMAL: "nothing latched",
    ZoneState.ALARM: "an alarm that nothing confirms yet: the row `first` or `call-point`",
    ZoneState.WAITING: "an alarm in the investigation sequence: T_acknowledge runs from the alarm",
    ZoneState.INVESTIGATING: "somebody looks: T_investigate runs from the acknowledgement or order",
    ZoneState.DISMISSED: "somebody looked and found nothing; still latched until the reset",
    ZoneState.CONFIRMED: "a fire: the row `confirmed`; only the reset ends it",
}
ZONE_EVENT_MEANING: Mapping[ZoneEvent, str] = {
    ZoneEvent.FIRST: "a device of the zone alarms and nothing confirms it",
    ZoneEvent.SEQUENCE: "the same, from a detector, where the pack has an investigation sequence",
    ZoneEvent.FURTHER: "another alarm of a zone that has one, which confirms nothing",
    ZoneEvent.CONFIRMS: "coincidence, or a call point where the pack takes it at once",
    ZoneEvent.ACKNOWLEDGE: "an operator acknowledges the zone",
    ZoneEvent.INVESTIGATE: "an operator orders somebody to look",
    ZoneEvent.CLOCK: "T_acknowledge or T_investigate is over",
    ZoneEvent.CONFIRM: "an operator confirms the fire",
    ZoneEvent.DISMISS: "an operator says that there is nothing",
    ZoneEvent.RESET: "the last latched point of the zone is back to normal",
}

_Z, _Y = ZoneState, ZoneEvent
_FIRE = Step(_Z.CONFIRMED, "confirmed")
ZONE: Mapping[tuple[ZoneState, ZoneEvent], Step] = {
    (_Z.NORMAL, _Y.FIRST): Step(_Z.ALARM, "alarm"),
    (_Z.NORMAL, _Y.SEQUENCE): Step(_Z.WAITING, "alarm"),
    (_Z.NORMAL, _Y.CONFIRMS): _FIRE,
    (_Z.ALARM, _Y.CONFIRMS): _FIRE,
    (_Z.ALARM, _Y.INVESTIGATE): Step(_Z.INVESTIGATING, "investigating"),
    (_Z.ALARM, _Y.CONFIRM): _FIRE,
    (_Z.ALARM, _Y.RESET): Step(_Z.NORMAL, "reset"),
    (_Z.WAITING, _Y.CONFIRMS): _FIRE,
    (_Z.WAITING, _Y.ACKNOWLEDGE): Step(_Z.INVESTIGATING, "investigating"),
    (_Z.WAITING, _Y.INVESTIGATE): Step(_Z.INVESTIGATING, "investigating"),
    (_Z.WAITING, _Y.CLOCK): _FIRE,
    (_Z.WAITING, _Y.CONFIRM): _FIRE,
    (_Z.WAITING, _Y.RESET): Step(_Z.NORMAL, "reset"),
    (_Z.INVESTIGATING, _Y.CONFIRMS): _FIRE,
    (_Z.INVESTIGATING, _Y.CLOCK): _FIRE,
    (_Z.INVESTIGATING, _Y.CONFIRM): _FIRE,
    (_Z.INVESTIGATING, _Y.DISMISS): Step(_Z.DISMISSED, "dismissed"),
    (_Z.INVESTIGATING, _Y.RESET): Step(_Z.NORMAL, "reset"),
    (_Z.DISMISSED, _Y.FURTHER): Step(_Z.ALARM, "alarm"),
    (_Z.DISMISSED, _Y.SEQUENCE): Step(_Z.WAITING, "alarm"),
    (_Z.DISMISSED, _Y.CONFIRMS): _FIRE,
    (_Z.DISMISSED, _Y.INVESTIGATE): Step(_Z.INVESTIGATING, "investigating"),
    (_Z.DISMISSED, _Y.CONFIRM): _FIRE,
    (_Z.DISMISSED, _Y.RESET): Step(_Z.NORMAL, "reset"),
    (_Z.CONFIRMED, _Y.RESET): Step(_Z.NORMAL, "reset"),
}
"""A further alarm of a zone under investigation leaves its clock as it runs."""
