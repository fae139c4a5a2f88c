"""Watching people: cameras and counters."""

from __future__ import annotations

from controller.interface.kind import FaultRole, Kind, Setting, Takes, Timing, kind, reads, writes

_CAMERA = kind(
    "camera", ("Analytics camera", "视频分析摄像机"), "cam", bus="mqtt",
    points=[
        reads("count", "state", "people that it sees", span=(0, 100_000)),
        reads("density", "state", "of the fullest space that it sees", unit="1/m2"),
        reads("crowd", "state", "1: more people per m2 than it is set to", as_type="bool"),
    ],
    places="at sees",
    timing=[
        Timing("picture", "from one picture to the next", 1000, 1000, "1 Hz analytics (m)"),
        Timing("latency", "picture to message", 300, 2000, "0.3 to 2 s (m)"),
        Timing("repeat", "an unchanged count is sent again", 5000, 5000, "assumed"),
    ],
    faults=[
        FaultRole("off", "no power: link lost, sees nothing"),
        FaultRole("wrong", "counts this whatever it sees",
                  Takes("a count of 0 or more", 0, 100_000, whole=True)),
    ],
    settings=[Setting("crowd-at", "density that it calls a crowd, people per m2", 2.0,
                      Takes("a density of 0.1 to 10 1/m2", 0.1, 10))],
    comms_lost="goes on; what was not sent is lost", power_lost="stops (PoE switch)",
    clauses=("95 to 99 % per person, fewer in crowds (m)",),
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
