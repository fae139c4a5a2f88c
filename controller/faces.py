"""What a dynamic exit sign may show: never the way to a door that is known to be locked.

A sign's faces lead to portals (`shows` in the I/O list); a lock or shutter of that portal says
whether it is shut. Where the asked face is barred the sign shows another that is not, else
`no-entry`. While a lock is being let go it stays as it is, for `OPENING_MS`. Once a sign has shown
the way it leaves it at once; only the way back waits `BACK_MS` (design: 10 s against flicker).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.interface.points import PointList, Quality, Sample
from controller.service import NEVER

OPENING_MS = 3000
"""A lock takes 0.1 to 0.3 s and a poll 1 s; all signs are on within 5 s (GB 50116-2013 4.9.2)."""

BACK_MS = 10_000
NO_ENTRY = "no-entry"
_SHUT: Mapping[str, str] = {"door-lock": "bolt", "roller-shutter": "bottom"}
"""By kind: the point that is true while nobody gets through."""

_FREE, _UNKNOWN, _BARRED = range(3)


@dataclass(frozen=True, slots=True)
class Faces:
    """A sign's faces in the order of the I/O list, each with the points that bar it when true."""

    bars: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sign is to show: `face` ("": leave it) for the `asked` one, since `since_ms`.

    `been`: the asked face has been shown; `barred_ms`: when it was last seen barred after that.
    """

    asked: str
    face: str
    since_ms: int
    been: bool = False
    barred_ms: int = -NEVER


def faces(points: PointList) -> dict[str, Faces]:
    """The signs of a site that point at a door which can be shut, by output."""
    shut: dict[str, list[str]] = {}
    for device in points.devices.values():
        for point in device.points:
            if device.portal and _SHUT.get(device.kind) == point.name:
                shut.setdefault(device.portal, []).append(point.id)
    found = {}
    for device in points.devices.values():
        bars = {face: tuple(shut.get(portal, ())) for face, portal in device.shows.items()}
        if any(bars.values()):
            found.update({p.id: Faces(bars) for p in device.points if p.name == "show"})
    return found


def show(
    sign: Faces, asked: str, samples: Mapping[str, Sample], was: Shown | None, now: int
) -> Shown:
    """The face for a sign that is asked to show one now."""
    if was is None or was.asked != asked:
        was = Shown(asked, "", now)
    ranks = {face: _rank(sign, face, samples) for face in (asked, *sign.bars)}
    best = min(ranks, key=lambda face: ranks[face])
    if ranks[best] == _BARRED:
        best = NO_ENTRY
    if best == asked:
        if now - was.barred_ms < BACK_MS:
            return was
        return Shown(asked, asked, was.since_ms, been=True, barred_ms=was.barred_ms)
    if not was.been:
        face = best if now - was.since_ms >= OPENING_MS else was.face
        return Shown(asked, face, was.since_ms)
    return Shown(asked, best, was.since_ms, been=True, barred_ms=now)


def wake_ms(shown: Shown) -> int:
    """When a sign is to be looked at again though nothing has come in."""
    if shown.face == shown.asked:
        return NEVER
    return shown.barred_ms + BACK_MS if shown.been else shown.since_ms + OPENING_MS


def _rank(sign: Faces, face: str, samples: Mapping[str, Sample]) -> int:
    ranks = [_FREE]
    for point in sign.bars.get(face, ()):
        sample = samples.get(point)
        known = sample is not None and sample.quality is Quality.GOOD
        ranks.append(
            _UNKNOWN if sample is None or not known else _BARRED if sample.value else _FREE
        )
    return max(ranks)
