"""Fire detection: what hangs on the loop of a fire panel, and the panel as its gateway shows it."""

from __future__ import annotations

from controller.interface.kind import (
    LOOP_VALUES,
    FaultRole,
    Kind,
    PointRole,
    Takes,
    Timing,
    kind,
    reads,
    writes,
)

LOOP = {"fire-panel": 1}
"""One holding register per address: detector n of loop 1 at n-1, module n at 199+n (LS10015)."""

_LEVELS = (*LOOP_VALUES, "trouble")
_LOST = "the panel goes on by itself: alarms stay latched, its fire relay works by wire"
_MISSING = FaultRole("off", "missing from the loop: trouble at the panel within one poll")
_DOUBLE = FaultRole("double-address", "another device has its address: trouble at the panel")
_MASKED = FaultRole("masked", "covered, as during building work: it senses nothing")
_POLL = Timing(
    "poll", "one poll cycle of the loop", 2000, 2000, "Apollo XP95, Notifier CLIP: about 2 s (m)"
)
_REFRESH = Timing(
    "refresh", "what the panel knows reaches the gateway's registers", 0, 500,
    "gateway refresh 0.5 to 2 s (m)",
)  # fmt: skip
_STATE_TEXT = "word of the loop device: normal 0x1400, pre-alarm 0x5400, alarm 0x0C01"


def state(text: str = _STATE_TEXT) -> PointRole:
    """The register of a loop device."""
    return reads("state", "holding 0", text, as_type="loop")


_SMOKE = kind(
    "smoke-detector", ("Smoke detector", "点型感烟火灾探测器"), "det",
    points=[state()], places="at zone", boards=LOOP, alarm="detector", senses=_LEVELS,
    timing=[
        Timing("lag", "smoke entry, first-order time constant", 5000, 30_000,
               "5 s in fast air, 30 s in slow air (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING, _DOUBLE, _MASKED,
        FaultRole("dirty", "drift: it sees this much extinction in clean air; from half of its "
                  "alarm value on it is in trouble",
                  Takes("an extinction of 0 to 1 1/m", 0, 1)),
        FaultRole("wrong", "its element sees this extinction whatever the air holds",
                  Takes("an extinction of 0 to 50 1/m", 0, 50)),
    ],
    comms_lost=_LOST, power_lost="fed by the loop; the panel has a battery",
    clauses=("NFPA 72 annex B.4.8.1.1: optical density 0.14 1/m where none was tested",
             "EN 54-7: sensitivity spread max/mean 1.33 (m)"),
)  # fmt: skip

_HEAT = kind(
    "heat-detector", ("Heat detector", "点型感温火灾探测器"), "det",
    points=[state()], places="at zone", boards=LOOP, alarm="detector", senses=_LEVELS,
    timing=[
        Timing("lag", "sensing element, first-order time constant", 15_000, 30_000,
               "EN 54-5 class A1 response (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING, _DOUBLE, _MASKED,
        FaultRole("wrong", "its element has this temperature whatever the air has",
                  Takes("a temperature of -40 to 1200 C", -40, 1200)),
    ],
    comms_lost=_LOST, power_lost="fed by the loop; the panel has a battery",
    clauses=("57 C fixed, 8 C/min rate of rise (m)",),
)  # fmt: skip

_CALL_POINT = kind(
    "call-point", ("Manual call point", "手动火灾报警按钮"), "mcp",
    points=[state()], places="at zone", boards=LOOP, alarm="call-point", senses=_LEVELS,
    timing=[
        Timing("interrupt", "pressed to known at the panel", 200, 900,
               "interrupts the poll cycle in less than 1 s (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING,
        FaultRole("line-open", "its stub of the loop is open: trouble, and pressing does nothing"),
        FaultRole("glass", "the glass is broken or missing: an alarm that nobody meant"),
    ],
    comms_lost=_LOST, power_lost="fed by the loop; the panel has a battery",
    clauses=("EN 54-2: call point to output at most 10 s (m)",),
)  # fmt: skip

_PANEL = kind(
    "fire-panel", ("Fire panel behind a Modbus gateway", "火灾报警控制器（网关）"), "panel",
    points=[
        writes("reset", "holding 201", "1 lets go of every latched alarm", as_type="bool",
               pulse=True),
        writes("silence", "holding 202", "1 stops the panel's own buzzer", as_type="bool",
               pulse=True),
        reads("heartbeat", "input 0", "counts seconds while the panel lives", unit="s",
              pace_ms=5000),
        reads("trouble", "input 1", "loop devices in trouble"),
    ],
    places="at", boards={"fire-panel": 4000},
    timing=[
        _POLL, _REFRESH,
        Timing("relay", "first alarm to fire relay", 20, 100, "hard-wired contact: 100 ms (m)"),
    ],
    faults=[FaultRole("no-link", "it does not answer its gateway, which says so: exception 0x0B")],
    comms_lost=_LOST, power_lost="has a battery: goes on",
    clauses=("GB 4717: fire shown within 10 s, faults within 100 s (m)",),
)  # fmt: skip

_BEAM = kind(
    "beam-detector", ("Beam smoke detector", "线型光束感烟火灾探测器"), "det",
    points=[state(), reads("obscuration", "input 0", "light lost on the way", unit="%",
                           span=(0, 100))],
    places="at zone", boards=LOOP, alarm="detector", senses=_LEVELS,
    timing=[
        Timing("response", "obscured above the threshold to alarm", 5000, 10_000,
               "EN 54-12 (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING, _DOUBLE,
        FaultRole("blocked", "something stands in the beam: trouble, no alarm"),
        FaultRole("misaligned", "the building has moved: trouble, no alarm"),
        FaultRole("wrong", "it sees this obscuration whatever the air holds",
                  Takes("an obscuration of 0 to 100 percent", 0, 100)),
    ],
    comms_lost=_LOST, power_lost="fed by the loop; the panel has a battery",
    clauses=("GB 50116-2013 6.2.15: at most 100 m (m)", "EN 54-12 (m)"),
)  # fmt: skip

_ASPIRATING = kind(
    "aspirating-detector", ("Aspirating smoke detector", "吸气式感烟火灾探测器"), "det",
    points=[
        state(),
        reads("level", "input 0", "bits: 0 Alert, 1 Action 1, 2 Action 2, 3 Fire 1, 4 Fire 2",
              span=(0, 31)),
        reads("flow", "input 1", "air flow, 100 when it was set up", unit="%"),
    ],
    places="at zone", boards=LOOP, alarm="detector", senses=_LEVELS,
    timing=[
        Timing("pipe", "hole to chamber", 10_000, 60_000, "10 to 60 s; EN 54-20 allows 120 s (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING, _DOUBLE,
        FaultRole("flow", "the flow is this: outside 80 to 120 % is trouble, at 0 it is blind",
                  Takes("a flow of 0 to 200 percent", 0, 200, whole=True)),
        FaultRole("wrong", "the chamber sees this extinction",
                  Takes("an extinction of 0 to 50 1/m", 0, 50)),
    ],
    comms_lost=_LOST, power_lost="fed by its supply with battery",
    clauses=("FAAST register HR13: alarm level bits", "EN 54-20 (m)"),
)  # fmt: skip

_FLOW = kind(
    "flow-switch", ("Sprinkler flow switch", "水流指示器"), "flow",
    points=[state("word of its module on the loop: normal 0x1400, water flows 0x0C01")],
    places="at zone", boards=LOOP, alarm="flow", senses=_LEVELS,
    timing=[
        Timing("lag", "bulb of the sprinkler beside it, first-order time constant", 28_000, 41_000,
               "RTI 50 (m s)^0.5 in air of 1.5 to 3 m/s; bulb of 68 C (m)"),
        Timing("retard", "water flows to paddle reported", 10_000, 60_000,
               "pneumatic retard; NFPA 72: alarm within 90 s of flow (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING, _DOUBLE,
        FaultRole("surge", "the pressure surges for longer than its retard: an alarm without fire"),
        FaultRole("valve", "the valve of its zone is shut: no water, and no alarm in a fire"),
    ],
    comms_lost=_LOST, power_lost="fed by the loop; the panel has a battery",
    clauses=("GB 50116-2013 4.2: the flow of a wet sprinkler system is shown at the panel (m)",
             "NFPA 72 waterflow alarm: within 90 s, nobody has to confirm it (m)"),
)  # fmt: skip

_RELAY = kind(
    "fire-relay", ("Hard-wired fire relay", "消防联动干接点"), "relay",
    points=[reads("fire", "discrete 0", "1: the loop is open, which means fire")],
    places="at", boards={"door-board": 16}, fire_wire="fire",
    timing=[Timing("sense", "contact to input; the relay itself takes up to 100 ms", 0, 0,
                   "hard-wired: at most 100 ms in all (m)")],
    faults=[
        FaultRole("open", "the wire is cut: reads as fire (fails safe)"),
        FaultRole("welded", "the contact does not open: fire does not show (dangerous)"),
    ],
    comms_lost="the wire does not pass the gateway: what hangs on it acts by itself",
    power_lost="the loop opens: reads as fire",
    clauses=("closed-circuit principle (m)",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (
    _SMOKE, _HEAT, _BEAM, _ASPIRATING, _CALL_POINT, _FLOW, _PANEL, _RELAY,
)  # fmt: skip
