"""Guarding: panic buttons, intrusion detectors, patrol checkpoints."""

from __future__ import annotations

from controller.interface.kind import FaultRole, Kind, Setting, Takes, Timing, kind, reads, writes

_BOARD = {"guard-board": 16}
_METRES = Takes("a place in m on the site's plan", -1e6, 1e6)
_SECTOR = (
    Setting("x", "where it hangs; the middle of `at` where neither x nor y is given", 0.0, _METRES),
    Setting("y", "where it hangs", 0.0, _METRES),
    Setting("direction", "where it looks, from the x axis towards the y axis", 0.0,
            Takes("-360 to 360 degrees", -360, 360)),
    Setting("angle", "width of its field", 360.0, Takes("1 to 360 degrees", 1, 360)),
    Setting("range", "how far it senses people", 1000.0, Takes("0.5 to 1000 m", 0.5, 1000)),
)  # fmt: skip
_LINE = tuple(
    Setting(f"line-{end}", f"{end} of its line; all of `at` where all four are 0", 0.0, _METRES)
    for end in ("x1", "y1", "x2", "y2")
)
_TAMPER = FaultRole("tamper", "its lid is open")
_BATTERY = FaultRole("battery", "the battery reports and holds this",
                     Takes("a battery of 0 to 100 percent", 0, 100, whole=True))  # fmt: skip
_DOUBLE = FaultRole("double", "every push makes contact twice")
_POLICE = ("DB15/T 3968-2025: police path within 2 s", "GB 50394: wired response within 2 s (m)")

_BUTTON = kind(
    "panic-button", ("Panic button, fixed", "紧急报警按钮（有线）"), "panic",
    points=[
        writes("reset", "coil 0", "1 lets go of the latch", pulse=True),
        reads("pressed", "discrete 0", "1: pressed, until it is reset"),
        reads("tamper", "discrete 1", "1: the lid is open"),
        reads("line", "input 0", "0 in order, 1 open, 2 short", span=(0, 2)),
        reads("presses", "input 1", "times that it made contact"),
    ],
    places="at", senses=("pressed",), boards=_BOARD,
    timing=[Timing("press", "pressed to input", 20, 400, "below 0.5 s (m)")],
    faults=[
        FaultRole("stuck", "jammed: pushing makes no contact"),
        _DOUBLE, _TAMPER,
        FaultRole("line", "the pair is open or short: reported, and pushing does nothing",
                  Takes("a line code: 1 open, 2 short", 1, 2, whole=True)),
    ],
    comms_lost="keeps its latch until somebody reads it",
    power_lost="fed by the board's battery: goes on",
    clauses=_POLICE,
)  # fmt: skip

_PENDANT = kind(
    "panic-pendant", ("Panic pendant, wireless", "紧急报警按钮（无线）"), "panic", bus="mqtt",
    points=[
        writes("reset", "cmd", "true lets go of the receiver's latch", as_type="bool"),
        reads("pressed", "event", "how often it was pressed, with the time of the press"),
        reads("alarm", "state", "true: pressed, until it is reset", as_type="bool"),
        reads("supervised", "state", "false: not heard for 300 s", as_type="bool"),
        reads("tamper", "state", "true: opened", as_type="bool"),
        reads("battery", "state", "charge left", unit="%", span=(0, 100)),
    ],
    places="at", senses=("pressed",),
    timing=[
        Timing("press", "pressed to message", 100, 450, "below 0.5 s (m)"),
        Timing("supervision", "last sign of life to called lost", 300_000, 300_000,
               "EN 54-25: radio link loss within 300 s (m)"),
        Timing("life", "battery full to empty", 3 * 365 * 86_400_000, 3 * 365 * 86_400_000,
               "3 years (m)"),
    ],
    faults=[
        FaultRole("off", "the receiver has no power: link lost"),
        FaultRole("stuck", "jammed: pressing does nothing"),
        FaultRole("radio", "out of range or jammed: nothing gets through"),
        FaultRole("replay", "somebody sends the last press again, with its old time"),
        _DOUBLE, _TAMPER, _BATTERY,
    ],
    comms_lost="an event that was not sent is sent late, with its own time",
    power_lost="has a battery: goes on",
    clauses=_POLICE,
)  # fmt: skip


def _intrusion(
    name: str, titles: tuple[str, str], weather: str, look_ms: int, gusts: float, animals: float,
    placed: tuple[Setting, ...],
) -> Kind:  # fmt: skip
    """A detector that guards a space, or what is `placed` in it, while it is armed."""
    return kind(
        name, titles, "pir",
        points=[
            writes("arm", "coil 0", "1 arms it"),
            reads("alarm", "discrete 0", "1: somebody is there"),
            reads("tamper", "discrete 1", "1: the lid is open"),
            reads("mask", "discrete 2", "1: it cannot see"),
            reads("armed", "discrete 3", "1: it is armed"),
        ],
        places="at", senses=("alarm", "normal"), boards=_BOARD,
        timing=[
            Timing("look", "from one look to the next", look_ms, look_ms, "assumed"),
            Timing("sense", "there to alarm, besides the next look", 300, 1000, "0.3 to 1 s (m)"),
            Timing("hold", "last movement to quiet", 2000, 2000, "2 s (m)"),
            Timing("mask", "covered to said so", 180_000, 180_000, "EN 50131-2: 180 s (m)"),
        ],
        settings=[
            Setting("gusts", "false alarms an hour in a wind of 10 m/s, with its cube (assumed)",
                    gusts, Takes("0 to 3600 an hour", 0, 3600)),
            Setting("animals", "percent of looks at an animal that alarm (assumed)",
                    animals, Takes("0 to 100 percent", 0, 100)),
            *placed,
        ],
        faults=[
            FaultRole("stuck", "its relay does not move: no alarm"),
            FaultRole("masked", "covered: it sees nothing, and says so after its time"),
            FaultRole("weather", f"{weather}: it sees nothing, and says so after its time"),
            FaultRole("nuisance", "so many false alarms an hour, from wind or an animal",
                      Takes("1 to 3600 false alarms an hour", 1, 3600)),
            _TAMPER,
        ],
        comms_lost="goes on by itself", power_lost="fed by the board's battery: goes on",
        clauses=("GB 50394: bus response within 2 s (m)",),
    )  # fmt: skip


_PIR = _intrusion("pir", ("PIR detector", "被动红外入侵探测器"), "hot air", 250, 2.0, 0.5, _SECTOR)
_FENCE = _intrusion(
    "perimeter-beam",
    ("Perimeter beam", "主动红外周界探测器"),
    "fog",
    250,
    20.0,
    10.0,
    (*_SECTOR, *_LINE),
)

_PATROL = kind(
    "patrol-checkpoint", ("Patrol checkpoint", "电子巡查点"), "patrol", bus="mqtt",
    points=[
        reads("visit", "event", "id of the guard, with the time of the visit", as_type="text",
              personal="guard"),
        reads("visits", "state", "visits since power-up"),
        reads("battery", "state", "charge left", unit="%", span=(0, 100)),
    ],
    places="at", senses=("visit",),
    timing=[
        Timing("read", "tag shown to message", 200, 800, "reader practice (m)"),
        Timing("life", "battery full to empty", 2 * 365 * 86_400_000, 2 * 365 * 86_400_000,
               "2 years (m)"),
    ],
    faults=[
        FaultRole("off", "no power: link lost, no visit is read"),
        FaultRole("offline", "no network: visits are kept and sent late, with their own time"),
        FaultRole("twice", "every visit is sent twice"),
        FaultRole("missed", "tags are not read"),
        _BATTERY,
    ],
    comms_lost="keeps its visits and sends them late, with their own time",
    power_lost="has a battery: goes on",
    clauses=("GB/T 29315-2022: at least 5 rounds a day",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_BUTTON, _PENDANT, _PIR, _FENCE, _PATROL)
