"""Building services: smoke vents, dampers, lifts, power supplies."""

from __future__ import annotations

from controller.interface.kind import (
    FaultRole,
    Kind,
    Setting,
    Takes,
    Timing,
    kind,
    reads,
    writes,
)

_AIR = {"air-board": 16}
_STUCK = FaultRole("stuck", "jams where it is")
_UNSEEN = FaultRole("no-feedback", "no end switch makes: it moves and nobody sees it")
_FULL = (
    reads("opened", "discrete 0", "1: fully open, by its end switch"),
    reads("closed", "discrete 1", "1: shut, by its end switch"),
    reads("position", "input 0", "share open", unit="%", span=(0, 100)),
)

_VENT = kind(
    "smoke-vent", ("Smoke vent", "自然排烟窗"), "vent",
    points=[
        writes("open", "coil 0", "1 opens for smoke, 0 lets it shut"),
        writes("vent", "coil 1", "1 opens for fresh air, when it does not rain"),
        *_FULL,
        reads("rain", "discrete 2", "1: its sensor is wet"),
        reads("supply-ok", "discrete 3", "1: there is air to move it"),
        reads("late", "discrete 4", "1: it did not get where it was sent in time"),
        reads("supply", "input 1", "pressure of its air", unit="kPa"),
    ],
    places="at", boards=_AIR,
    timing=[
        Timing("travel", "shut to fully open", 30_000, 60_000, "EN 12101-2: within 60 s (m)"),
        Timing("late", "sent to called late", 75_000, 75_000, "60 s and a margin (assumed)"),
    ],
    faults=[
        _STUCK, _UNSEEN,
        FaultRole("rain", "it rains on its sensor: shuts what is open for fresh air"),
        FaultRole("rain-closes", "a defect: rain shuts it in a fire too"),
        FaultRole("supply", "the air is gone: it stays where it is"),
    ],
    settings=[
        Setting("area_m2", "its aerodynamic free area, m2 (EN 12101-2)", 1.5,
                Takes("0.05 to 50 m2", 0.05, 50)),
    ],
    comms_lost="keeps its last command", power_lost="its air reservoir still opens it",
    clauses=("EN 12101-2 (m)", "GB 51251-2017 (m)"),
)  # fmt: skip

_DAMPER = kind(
    "fire-damper", ("Fire damper", "防火阀"), "vent",
    points=[writes("hold", "coil 0", "1 keeps it open, 0 lets its spring shut it"), *_FULL],
    places="at", boards=_AIR, powered=True, senses=("link",),
    timing=[
        Timing("spring", "let go to shut", 5000, 20_000, "spring return below 30 s (m)"),
        Timing("motor", "wound open again", 60_000, 150_000, "spring-return actuator (m)"),
        Timing("link", "the link is looked at", 2000, 2000, "assumed"),
    ],
    settings=[
        Setting("to", "the space at the other end of its opening; none: no smoke goes through", "",
                Takes("the id of a space, or ''", reads=lambda text: len(text) <= 64)),
        Setting("area_m2", "of its opening, m2", 0.1, Takes("0.01 to 4 m2", 0.01, 4)),
    ],
    faults=[_STUCK, _UNSEEN],
    comms_lost="keeps its last command; shuts at 72 C by itself", power_lost="shuts",
    clauses=("EN 15650 (m)", "GB 50116-2013 4.5 (m)"),
)  # fmt: skip

_FLOOR = Takes("a floor, counted from 1", 1, 200, whole=True)
_LIFT = kind(
    "lift", ("Lift", "电梯"), "lift",
    points=[
        writes("recall", "holding 0", "0 none, 1 to the main floor, 2 to the alternate",
               span=(0, 2)),
        writes("call", "holding 1", "a floor to go to, in normal service", span=(1, 200)),
        reads("at-floor", "discrete 0", "1: recalled, doors open"),
        reads("entrapment", "discrete 1", "1: stopped between floors"),
        reads("door-open", "discrete 2", "1: the door is open"),
        reads("door-blocked", "discrete 3", "1: something stands in the door"),
        reads("power", "discrete 4", "1: there is mains"),
        reads("floor", "input 0", "nearest floor, counted from 1"),
        reads("direction", "input 1", "0 still, 1 up, 2 down", span=(0, 2)),
        reads("mode", "input 2", "0 normal, 1 recall, 2 recalled, 3 stopped", span=(0, 3)),
    ],
    places="at", boards={"lift-gateway": 16}, powered=True, senses=("entrapment",),
    timing=[
        Timing("door", "door open or shut", 2500, 4000, "2.5 to 4 s (m)"),
        Timing("entrapment", "stopped between floors to said so", 30_000, 30_000, "assumed"),
    ],
    settings=[
        Setting("floors", "how many floors it serves", 4,
                Takes("2 to 200 floors", 2, 200, whole=True)),
        Setting("rise_m", "from floor to floor, m", 3.6, Takes("2 to 10 m", 2, 10)),
        Setting("main", "recall floor", 1, _FLOOR),
        Setting("alternate", "recall floor when the main one burns", 2, _FLOOR),
    ],
    faults=[
        FaultRole("stuck", "stops where it is, between floors too"),
        FaultRole("ignores", "takes no recall, though it is written"),
        FaultRole("obstructed", "something stands in its door: it cannot leave"),
    ],
    comms_lost="goes on in its mode; a recall stands",
    power_lost="stops where it is; between floors that is an entrapment",
    clauses=("GB 50116-2013 4.7.1: all lifts to the ground or transfer floor",
             "recall within 60 s, 1 m/s (m)"),
)  # fmt: skip

_SUPPLY = kind(
    "power-supply", ("Power supply with battery", "消防设备应急电源"), "psu",
    points=[
        reads("mains-ok", "discrete 0", "1: mains is there"),
        reads("charger-ok", "discrete 1", "1: the charger works"),
        reads("battery-ok", "discrete 2", "1: the battery carries what it should"),
        reads("earth-ok", "discrete 3", "1: no conductor touches earth"),
        reads("voltage", "input 0", "of its output, in 1/100 V", unit="0.01 V"),
        reads("battery", "input 1", "charge left", unit="%", span=(0, 100)),
        reads("load", "input 2", "drawn by what it feeds", unit="mA"),
    ],
    places="at", boards={"power-board": 16}, powered=True,
    timing=[
        Timing("notice", "a fault to its input", 1000, 10_000,
               "GB 4717: 100 s; EN 54-4: mains 30 min, battery 15 to 30 min (m)"),
        Timing("recharge", "empty to full", 24 * 3_600_000, 24 * 3_600_000,
               "EN 54-4: 80 % in 24 h (m)"),
    ],
    settings=[
        Setting("capacity_ah", "of its battery, Ah", 24.0, Takes("1 to 500 Ah", 1, 500)),
        Setting("load_a", "what hangs on it, A", 1.0, Takes("0.1 to 50 A", 0.1, 50)),
    ],
    faults=[
        FaultRole("mains", "its own fuse has gone: lives on its battery"),
        FaultRole("charger", "the charger has failed: lives on its battery"),
        FaultRole("faded", "the battery holds this share of its charge",
                  Takes("a share of 1 to 100 percent", 1, 100, whole=True)),
        FaultRole("earth", "a conductor touches earth"),
    ],
    comms_lost="goes on by itself", power_lost="carries its load from its battery",
    clauses=("EN 54-4 (m)", "NFPA 72: 24 h standby and 5 min alarm"),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_VENT, _DAMPER, _LIFT, _SUPPLY)
