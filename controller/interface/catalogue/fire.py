"""Fire detection: what hangs on the loop of a fire panel, and the panel as its gateway shows it."""

from __future__ import annotations

from controller.interface.kind import (
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

_LOST = "the panel goes on by itself: alarms stay latched, its fire relay works by wire"
_MISSING = FaultRole("off", "missing from the loop: trouble at the panel within one poll")
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
    points=[state()], places="at zone", boards=LOOP, alarm="detector",
    timing=[
        Timing("lag", "smoke entry, first-order time constant", 5000, 30_000,
               "5 s in fast air, 30 s in slow air (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING,
        FaultRole("wrong", "its element sees this extinction whatever the air holds",
                  Takes("an extinction of 0 to 50 1/m", 0, 50)),
    ],
    comms_lost=_LOST, power_lost="fed by the loop; the panel has a battery",
    clauses=("NFPA 72 annex B.4.8.1.1: optical density 0.14 1/m where none was tested",
             "EN 54-7: sensitivity spread max/mean 1.33 (m)"),
)  # fmt: skip

_HEAT = kind(
    "heat-detector", ("Heat detector", "点型感温火灾探测器"), "det",
    points=[state()], places="at zone", boards=LOOP, alarm="detector",
    timing=[
        Timing("lag", "sensing element, first-order time constant", 15_000, 30_000,
               "EN 54-5 class A1 response (m)"),
        _POLL, _REFRESH,
    ],
    faults=[
        _MISSING,
        FaultRole("wrong", "its element has this temperature whatever the air has",
                  Takes("a temperature of -40 to 1200 C", -40, 1200)),
    ],
    comms_lost=_LOST, power_lost="fed by the loop; the panel has a battery",
    clauses=("57 C fixed, 8 C/min rate of rise (m)",),
)  # fmt: skip

_CALL_POINT = kind(
    "call-point", ("Manual call point", "手动火灾报警按钮"), "mcp",
    points=[state()], places="at zone", boards=LOOP, alarm="call-point",
    timing=[
        Timing("interrupt", "pressed to known at the panel", 200, 900,
               "interrupts the poll cycle in less than 1 s (m)"),
        _REFRESH,
    ],
    faults=[_MISSING],
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
        reads("heartbeat", "input 0", "counts seconds while the panel lives", unit="s"),
        reads("trouble", "input 1", "loop devices in trouble"),
    ],
    places="at", boards={"fire-panel": 4000},
    timing=[
        _REFRESH,
        Timing("relay", "first alarm to fire relay", 20, 100, "hard-wired contact: 100 ms (m)"),
    ],
    comms_lost=_LOST, power_lost="has a battery: goes on",
    clauses=("GB 4717: fire shown within 10 s, faults within 100 s (m)",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_SMOKE, _HEAT, _CALL_POINT, _PANEL)
