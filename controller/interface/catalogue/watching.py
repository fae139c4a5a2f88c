"""Watching people: cameras and counters."""

from __future__ import annotations

from controller.interface.corners import Corners
from controller.interface.kind import FaultRole, Kind, Setting, Takes, Timing, kind, reads, writes

_CORNERS = Takes("three or more corners in m, as '0 0, 8 0, 8 5', or ''", reads=Corners.reads)
_METRES = Takes("a place in m on the site's plan", -1e6, 1e6)


def _metres(name: str, text: str) -> Setting:
    return Setting(name, text, 0.0, _METRES)


_CAMERA = kind(
    "camera", ("Analytics camera", "视频分析摄像机"), "cam", bus="mqtt",
    points=[
        reads("count", "state", "people that it sees", span=(0, 100_000), varies_ms=60_000),
        reads("frames", "state", "pictures analysed since power-up", pace_ms=15_000),
        reads("density", "state", "of the fullest space that it sees", unit="1/m2"),
        reads("crowd", "state", "1: at least `crowd-at` people per m2 for `crowd-for` seconds",
              as_type="bool"),
        reads("loitering", "state", "people who stay longer than `loiter-after`",
              span=(0, 100_000)),
        reads("fallen", "state", "people who lie on the ground", span=(0, 100_000)),
        reads("intrusion", "state", "people inside its guarded `field`", span=(0, 100_000)),
        reads("speed", "state", "mean speed of those whom it follows, over 2 s", unit="m/s"),
        reads("tamper", "state", "1: its picture is too dark or covered to see anything",
              as_type="bool"),
        reads("line-out", "state", "people over its line, or through its portal, outwards so far"),
        reads("line-in", "state", "the other way"),
    ],
    places="at sees",
    timing=[
        Timing("picture", "from one picture to the next, unless `rate` says otherwise", 1000, 1000,
               "1 Hz analytics (m)"),
        Timing("latency", "picture to message", 300, 2000, "0.3 to 2 s (m)"),
        Timing("repeat", "an unchanged count is sent again", 5000, 5000, "assumed"),
        Timing("lost", "a track that is not found ends", 3000, 3000, "assumed"),
    ],
    faults=[
        FaultRole("off", "no power: link lost, sees nothing"),
        FaultRole("wrong", "counts this whatever it sees",
                  Takes("a count of 0 or more", 0, 100_000, whole=True)),
        FaultRole("lens-blocked", "paint or a bag on the lens: sees nobody, the picture is black"),
        FaultRole("recount", "counts this percentage of people twice",
                  Takes("0 to 100 percent", 0, 100)),
        FaultRole("night", "no light where it looks, and no lamp"),
    ],
    settings=[
        _metres("x", "where it hangs; the middle of `at` where neither x nor y is given"),
        _metres("y", "where it hangs"),
        Setting("direction", "where it looks, from the x axis towards the y axis", 0.0,
                Takes("-360 to 360 degrees", -360, 360)),
        Setting("angle", "width of its field of view", 360.0, Takes("1 to 360 degrees", 1, 360)),
        Setting("range", "how far it sees people", 1000.0, Takes("0.5 to 1000 m", 0.5, 1000)),
        _metres("line-x1", "its line begins here; none where x and y of both ends are 0"),
        _metres("line-y1", "its line begins here"),
        _metres("line-x2", "its line ends here; outwards is from its left to its right"),
        _metres("line-y2", "its line ends here"),
        Setting("view", "corners of its field of view on the plan, in place of the sector", "",
                _CORNERS),
        Setting("field", "corners of the field that it guards; all that it sees where none", "",
                _CORNERS),
        Setting("crowd-at", "density that it calls a crowd, people per m2", 2.0,
                Takes("a density of 0.1 to 10 1/m2", 0.1, 10)),
        Setting("crowd-for", "for how long, s", 5.0, Takes("0 to 600 s", 0, 600)),
        Setting("loiter-after", "how long somebody stays who loiters, s", 30.0,
                Takes("1 to 3600 s", 1, 3600)),
        Setting("rate", "pictures that it analyses, per s", 1.0,
                Takes("0.2 to 10 per s", 0.2, 10)),
        Setting("mistaken", "people taken for fallen who bend, per person on a stair and hour", 0.0,
                Takes("0 to 100 per hour", 0, 100)),
        Setting("infrared", "it has infrared lamps", True,
                Takes("true or false", words=(True, False))),
    ],
    comms_lost="goes on; what was not sent is lost", power_lost="stops (PoE switch)",
    clauses=("95 to 99 % per person, fewer in crowds (m)",
             "10 to 30 % fewer on stairs (design value)"),
)  # fmt: skip

_COUNTER = kind(
    "people-counter", ("People counter", "客流计数器"), "cnt", bus="mqtt",
    points=[
        writes("inside", "cmd", "says how many are inside now", span=(0, 1_000_000)),
        reads("in", "state", "people in since power-up"),
        reads("out", "state", "people out since power-up"),
        reads("occupancy", "state", "inside + in - out, never below 0"),
        reads("interval-in", "state", "people in during the last full interval"),
        reads("interval-out", "state", "people out during the last full interval"),
    ],
    places="portal",
    timing=[
        Timing("live", "totals are refreshed", 1000, 1000, "1 s live (Xovis, Milesight; (m))"),
        Timing("interval", "length of an interval", 60_000, 60_000, "60 s logs (m)"),
    ],
    faults=[
        FaultRole("off", "no power: link lost, sees nobody"),
        FaultRole("drift", "misses this percentage of people besides",
                  Takes("a loss of 0 to 100 percent", 0, 100)),
        FaultRole("gap", "intervals are not sent"),
        FaultRole("zeroed", "its totals begin at 0 again"),
    ],
    comms_lost="goes on counting; totals are right again when it is back",
    power_lost="stops (PoE switch); what passed is lost",
    clauses=("95 to 99 % of people (m)",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_CAMERA, _COUNTER)
