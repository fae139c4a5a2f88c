"""Ways: what locks, holds, shuts, counts or bars at a portal."""

from __future__ import annotations

from controller.interface.kind import (
    FaultRole,
    Kind,
    Setting,
    Takes,
    Timing,
    Watchdog,
    kind,
    reads,
    writes,
)

_EITHER = (False, True)

_LOCK = kind(
    "door-lock", ("Door lock with contact", "门禁电锁（带门磁）"), "door",
    points=[
        writes("pulse", "coil 0", "1 unlocks for the unlock time; one write, one pulse",
               pulse=True),
        writes("release", "coil 1", "1 unlocks as long as it stands"),
        writes("lockdown", "coil 2", "1 locks against pulse and release; fire and exit still open"),
        writes("buzzer", "coil 3", "1 sounds the board's buzzer"),
        writes("reset-latch", "coil 4", "1 ends forced and held-open", pulse=True),
        reads("contact", "discrete 0", "1: the leaf is closed"),
        reads("bolt", "discrete 1", "1: the bond holds"),
        reads("rex", "discrete 2", "1: request to exit, the button inside is pressed"),
        reads("tamper", "discrete 3", "1: the board's lid is open"),
        reads("forced", "discrete 4", "1: the leaf opened while the bond held"),
        reads("held-open", "discrete 5", "1: open longer than the held-open time"),
        reads("mains-ok", "discrete 6", "1: there is mains"),
        reads("battery-ok", "discrete 7", "1: the board's own battery is in order"),
        reads("fire-input", "discrete 8", "1: the wire from the fire relay is active"),
        reads("local-key", "discrete 9", "1: the key switch at the door is turned"),
        reads("mode", "input 0", "0 normal, 1 unlocked, 2 locked, 3 lockdown, 4 fire",
              span=(0, 4)),
        reads("last-event", "input 1", "1 unlocked, 2 locked, 3 forced, 4 held open, 5 exit, "
              "6 watchdog", span=(0, 6)),
        reads("events", "input 2", "events so far; wraps at 65535"),
        reads("cycles", "input 3", "times unlocked, high word first", as_type="u32"),
        writes("unlock-time", "holding 0", "length of a pulse", unit="s", span=(1, 99)),
        writes("held-open-time", "holding 1", "open longer than this is an alarm", unit="s",
               span=(1, 99)),
        writes("watchdog", "holding 2", "silence that the board bears; 0: any", unit="s",
               span=(0, 600)),
        writes("set-mode", "holding 3", "the mode to be in, as in `mode`", span=(0, 4)),
        writes("heartbeat", "holding 4", "any changing value, once a second"),
    ],
    places="portal", boards={"door-board": 16}, powered=True, fire_wire="fire-input",
    senses=("forced", "held-open", "closed"),
    timing=[
        Timing("release", "asked to bond lost or made", 100, 300,
               "magnetic lock 100 to 300 ms (m)"),
        Timing("forced", "least time that forced stands", 30_000, 30_000, "Presco: 30 s or shut"),
    ],
    settings=[
        Setting("fail", "without power: safe unlocks, secure stays locked", "safe",
                Takes("safe or secure", words=("safe", "secure"))),
        Setting("alone", "what it does when the watchdog has run out", "unlock",
                Takes("unlock, hold or secure", words=("unlock", "hold", "secure"))),
    ],
    faults=[
        FaultRole("stuck", "the bond stays as it is, whoever asks"),
        FaultRole("wrong", "the bolt contact reports this",
                  Takes("what the bolt reports, true or false", words=_EITHER)),
        FaultRole("propped", "the leaf stands open: forced while the bond holds, else held open "
                  "after its time"),
        FaultRole("contact-stuck", "the contact reports closed, whatever the leaf does"),
        FaultRole("rex-stuck", "the exit button hangs: unlocked"),
        FaultRole("key", "the key switch at the door is turned: unlocked"),
        FaultRole("tamper", "the board's lid is open"),
        FaultRole("battery", "the board's own battery is flat"),
    ],
    comms_lost="holds its last command; after the watchdog's time unlocks (setting `alone`); "
    "the fire input works by wire",
    power_lost="unlocks (setting `fail`)",
    watchdog=Watchdog("heartbeat", 10_000, "watches from the first heartbeat on; see `alone`",
                      {"bolt": False, "mode": 4}),
    clauses=("GB 50116-2013 4.10.3: access-controlled doors on the route open (m)",
             "unlock 5 s (Digiplex DGP-641), held open 1 to 99 s (Rosslare)"),
)  # fmt: skip

_HOLDER = kind(
    "door-holder", ("Fire-door holder", "常开防火门释放器"), "door",
    points=[
        writes("hold", "coil 1", "1 holds the leaf open"),
        reads("closed", "discrete 0", "1: the leaf is shut"),
        reads("obstructed", "discrete 2", "1: let go, and not shut in time"),
    ],
    places="portal", boards={"door-board": 16}, powered=True,
    timing=[
        Timing("closing", "let go to shut", 3000, 15_000, "door closer (m)"),
        Timing("late", "let go to called obstructed", 20_000, 20_000, "15 s and a margin"),
    ],
    faults=[
        FaultRole("stuck", "residual magnetism: the leaf stays where it is"),
        FaultRole("obstructed", "something stands in the way: it stops half-way"),
        FaultRole("wrong", "the contact reports this",
                  Takes("what the door contact reports, true or false", words=_EITHER)),
    ],
    comms_lost="holds its last command", power_lost="lets go: the door closes",
    clauses=("GB 50116-2013 4.6.1 (m)",),
)  # fmt: skip

_SHUTTER = kind(
    "roller-shutter", ("Fire roller shutter", "防火卷帘"), "shut",
    points=[
        writes("move", "holding 0", "0 stop, 1 up, 2 down to 1.8 m, 3 down to the floor",
               span=(0, 3)),
        reads("top", "discrete 0", "1: rolled up, by its limit switch"),
        reads("middle", "discrete 1", "1: at 1.8 m, by its limit switch"),
        reads("bottom", "discrete 2", "1: at the floor, by its limit switch"),
        reads("moving", "discrete 3", "1: the motor runs"),
        reads("overload", "discrete 4", "1: the motor has tripped"),
        reads("position", "input 0", "share open", unit="%", span=(0, 100)),
        reads("height", "input 1", "clear height", unit="cm"),
    ],
    places="portal", boards={"door-board": 16}, powered=True,
    timing=[
        Timing("speed", "its speed, as mm per minute", 5000, 8000, "5 to 8 m/min (m)"),
    ],
    settings=[
        Setting("height_m", "clear height when it is up, m", 3.0, Takes("1.8 to 9 m", 1.9, 9)),
    ],
    faults=[
        FaultRole("stuck", "the curtain jams where it is"),
        FaultRole("limit", "the lower limit switch does not make: the motor trips at the floor"),
        FaultRole("overload", "the motor has tripped: it stays where it is"),
    ],
    comms_lost="goes on to where it was sent", power_lost="the brake holds it where it is",
    clauses=("GB 50116-2013 4.6.3: on an escape route 1.8 m on smoke, the floor on heat",
             "GB 50116-2013 4.6.4: elsewhere straight to the floor"),
)  # fmt: skip

_TURNSTILE = kind(
    "turnstile", ("Turnstile or speed gate", "人行通道闸机"), "gate",
    points=[
        writes("free", "coil 0", "1 drops the arms"),
        writes("open-a", "coil 1", "1 lets one person out", pulse=True),
        writes("open-b", "coil 2", "1 lets one person in", pulse=True),
        reads("freed", "discrete 0", "1: the arms are down"),
        reads("jam", "discrete 1", "1: the arms do not move"),
        reads("tailgate", "discrete 2", "1: two passed on the last opening"),
        reads("passes", "input 0", "people through since power-up", as_type="u32"),
        reads("passes-a", "input 2", "people out", as_type="u32"),
        reads("passes-b", "input 4", "people in", as_type="u32"),
    ],
    places="portal", boards={"gate-board": 16}, powered=True, senses=("tailgate",),
    timing=[
        Timing("free", "asked to arms down or up", 200, 900, "free within 1 s (m)"),
        Timing("single", "an opening for one person", 5000, 5000, "vendor practice (m)"),
        Timing("count", "counters are refreshed", 1000, 1000, "vendor practice (m)"),
    ],
    faults=[
        FaultRole("stuck", "the arms jam where they are"),
        FaultRole("zeroed", "its counters begin at 0 again"),
        FaultRole("wrong", "`freed` reports this",
                  Takes("what `freed` reports, true or false", words=_EITHER)),
    ],
    comms_lost="holds its last command", power_lost="the arms drop",
    clauses=("GB 50116-2013 4.10.2: barriers on escape routes open (m)", "25 to 40 p/min (m)"),
)  # fmt: skip

_BOLLARD = kind(
    "bollard", ("Gate bollard", "防冲撞升降柱"), "gate",
    points=[
        writes("lower", "coil 0", "1 lowers, 0 raises"),
        writes("efo", "coil 1", "1 raises at once, over the loop: emergency fast operation"),
        reads("down", "discrete 0", "1: at the bottom"),
        reads("up", "discrete 1", "1: at the top"),
        reads("loop", "discrete 2", "1: a vehicle stands on it"),
        reads("pressure-ok", "discrete 3", "1: the hydraulics hold"),
        reads("position", "input 0", "share raised", unit="%", span=(0, 100)),
        reads("pressure", "input 1", "of the hydraulics", unit="bar"),
    ],
    places="portal", boards={"gate-board": 16}, powered=True,
    timing=[
        Timing("move", "one end to the other", 3000, 6000, "hydraulic bollard 3 to 6 s (m)"),
        Timing("efo", "bottom to top in an emergency", 1000, 1500, "1 to 1.5 s (m)"),
    ],
    faults=[
        FaultRole("stuck", "stops where it is"),
        FaultRole("vehicle", "a vehicle stands on the loop: it does not rise, but for efo"),
        FaultRole("pressure", "the hydraulics leak: it falls"),
        FaultRole("wrong", "`down` reports this",
                  Takes("what `down` reports, true or false", words=_EITHER)),
    ],
    comms_lost="holds its last command", power_lost="the pressure goes: it falls",
    clauses=("GB/T 29315-2022: hard anti-ram devices at the gate",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_LOCK, _HOLDER, _SHUTTER, _TURNSTILE, _BOLLARD)
