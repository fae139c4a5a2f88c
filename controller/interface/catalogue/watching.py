"""Watching people: cameras and counters."""

from __future__ import annotations

from controller.interface.kind import FaultRole, Kind, Takes, Timing, kind, reads

_CAMERA = kind(
    "camera", ("Analytics camera", "视频分析摄像机"), "cam", bus="mqtt",
    points=[
        reads("count", "state", "people that it sees", span=(0, 100_000)),
        reads("density", "state", "of the fullest space that it sees", unit="1/m2"),
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
    comms_lost="goes on; what was not sent is lost", power_lost="stops (PoE switch)",
    clauses=("95 to 99 % per person, fewer in crowds (m)",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_CAMERA,)
