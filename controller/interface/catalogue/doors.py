"""Ways: what locks, holds, counts or bars at a portal."""

from __future__ import annotations

from controller.interface.kind import FaultRole, Kind, Takes, Timing, kind, reads, writes

_EITHER = (False, True, 0, 1)
_STUCK = FaultRole("stuck", "the moving part stays where it is, whoever asks")

_LOCK = kind(
    "door-lock", ("Door lock with contact", "门禁电锁（带门磁）"), "door",
    points=[
        writes("release", "coil 1", "1 unlocks as long as it stands"),
        reads("contact", "discrete 0", "1: the leaf is closed"),
        reads("bolt", "discrete 1", "1: the bond holds"),
        reads("fire-input", "discrete 8", "1: the wire from the fire relay is active"),
    ],
    places="portal", boards={"door-board": 16}, powered=True,
    timing=[
        Timing("release", "asked to bond lost or made", 100, 300, "magnetic lock 100 to 300 ms (m)")
    ],
    faults=[
        _STUCK,
        FaultRole("wrong", "the bolt contact reports this",
                  Takes("what the bolt reports, true or false", words=_EITHER)),
    ],
    comms_lost="holds its last command; the fire input works by wire",
    power_lost="unlocks (power holds the bond)",
    clauses=("GB 50116-2013 4.10.3: access-controlled doors on the route open (m)",),
)  # fmt: skip

_HOLDER = kind(
    "door-holder", ("Fire-door holder", "常开防火门释放器"), "door",
    points=[
        writes("hold", "coil 1", "1 holds the leaf open"),
        reads("closed", "discrete 0", "1: the leaf is shut"),
    ],
    places="portal", boards={"door-board": 16}, powered=True,
    timing=[Timing("closing", "let go to shut", 3000, 15_000, "door closer (m)")],
    faults=[
        FaultRole("stuck", "residual magnetism: the leaf stays where it is"),
        FaultRole("wrong", "the contact reports this",
                  Takes("what the door contact reports, true or false", words=_EITHER)),
    ],
    comms_lost="holds its last command", power_lost="lets go: the door closes",
    clauses=("GB 50116-2013 4.6.1 (m)",),
)  # fmt: skip

_TURNSTILE = kind(
    "turnstile", ("Turnstile or speed gate", "人行通道闸机"), "gate",
    points=[
        writes("free", "coil 0", "1 drops the arms"),
        reads("freed", "discrete 0", "1: the arms are down"),
        reads("passes", "input 0", "people through since power-up", as_type="u32"),
    ],
    places="portal", boards={"gate-board": 16}, powered=True,
    timing=[
        Timing("free", "asked to arms down or up", 200, 900, "free within 1 s (m)"),
        Timing("count", "counters are refreshed", 1000, 1000, "vendor practice (m)"),
    ],
    faults=[
        _STUCK,
        FaultRole("wrong", "`freed` reports this",
                  Takes("what `freed` reports, true or false", words=_EITHER)),
    ],
    comms_lost="holds its last command", power_lost="the arms drop",
    clauses=("GB 50116-2013 4.10.2: barriers on escape routes open (m)",),
)  # fmt: skip

_BOLLARD = kind(
    "bollard", ("Gate bollard", "防冲撞升降柱"), "gate",
    points=[
        writes("lower", "coil 0", "1 lowers, 0 raises"),
        reads("down", "discrete 0", "1: at the bottom"),
        reads("up", "discrete 1", "1: at the top"),
    ],
    places="portal", boards={"gate-board": 16}, powered=True,
    timing=[Timing("move", "one end to the other", 3000, 6000, "hydraulic bollard 3 to 6 s (m)")],
    faults=[
        FaultRole("stuck", "stops where it is"),
        FaultRole("wrong", "`down` reports this",
                  Takes("what `down` reports, true or false", words=_EITHER)),
    ],
    comms_lost="holds its last command", power_lost="the pressure goes: it falls",
    clauses=("GB/T 29315-2022: hard anti-ram devices at the gate",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_LOCK, _HOLDER, _TURNSTILE, _BOLLARD)
