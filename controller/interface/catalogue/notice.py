"""Telling people: sounders, voice, signs, light, and the duty desk."""

from __future__ import annotations

from controller.interface.dismiss import BELL, DISMISS
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

HOLDING = ("wait", "slow")
"""What a sign shows, or a voice says, to hold people back or let them through in a thin stream."""
MESSAGES = ("evacuate", "lockdown", "drill", "test", *HOLDING, DISMISS, BELL)
"""What a voice says; after `dismiss` come the classes that may go."""
FACES = ("off", "ahead", "left", "right", "no-entry", *HOLDING)

_CIRCUIT = (
    writes("sync", "coil 1", "1 takes all units of the circuit to one beat"),
    writes("tone", "holding 0", "0 three-pulse, 1 continuous, 2 two-tone, 3 warble", span=(0, 3)),
    reads("synced", "discrete 1", "1: on, and in step"),
    reads("line", "input 0", "0 in order, 1 open, 2 short (end-of-line resistor)", span=(0, 2)),
    reads("current", "input 1", "drawn by the circuit", unit="mA"),
)
_DURATION = Timing("duration", "full battery to dark", 30 * 60_000, 90 * 60_000,
                   "GB 51309-2018: 0.5, 1.0 or 1.5 h (m)")  # fmt: skip
_RECHARGE = Timing("recharge", "empty to full", 24 * 3_600_000, 24 * 3_600_000, "24 h (m)")
_STUCK = FaultRole("stuck", "goes on as it is: gives no signal, or will not end it")
_DEAD = FaultRole("dead", "one unit gives no signal, though line and current are in order")
_LINE = FaultRole("wrong", "the line is open or short: reported, and no signal",
                  Takes("a line code: 1 open, 2 short", 1, 2, whole=True))  # fmt: skip

_SOUNDER = kind(
    "sounder", ("Sounder", "火灾声警报器"), "snd",
    points=[
        writes("on", "coil 0", "1 sounds"),
        reads("sounding", "discrete 0", "1: it sounds"),
        *_CIRCUIT,
    ],
    places="at", boards={"sounder-board": 16},
    timing=[Timing("start", "asked to sound or silence", 100, 900, "on within 1 s (m)")],
    faults=[
        _STUCK, _DEAD,
        _LINE,
    ],
    comms_lost="goes on as last told", power_lost="fed by the board's battery: goes on",
    clauses=("GB 50116-2013 4.8.1, 4.8.5: all sounders start and stop together (m)",
             "NFPA 72: three pulses of 0.5 s, then 1.5 s of silence (m)"),
)  # fmt: skip

_STROBE = kind(
    "strobe", ("Strobe", "火灾光警报器"), "snd",
    points=[
        writes("on", "coil 0", "1 flashes"),
        reads("flashing", "discrete 0", "1: it flashes"),
        *_CIRCUIT,
    ],
    places="at", boards={"sounder-board": 16},
    timing=[Timing("start", "asked to flash or dark", 100, 900, "on within 1 s (m)")],
    faults=[_STUCK, _DEAD, _LINE],
    comms_lost="goes on as last told", power_lost="fed by the board's battery: goes on",
    clauses=("NFPA 72: 1 to 2 Hz, in step where several are seen (m)", "EN 54-23 (m)"),
)  # fmt: skip

_PA = kind(
    "pa-zone", ("Public-address zone", "应急广播分区"), "pa", bus="mqtt",
    points=[
        writes("message", "cmd", "recorded message to repeat; empty: silence",
               words=("", *MESSAGES)),
        writes("priority", "cmd", "rank of the next message, 1 highest; it must not be lower than "
               "that of the message that plays", span=(1, 8)),
        reads("playing", "state", "the message that is played", words=("", *MESSAGES)),
        reads("level", "state", "of its loudspeakers", unit="%", span=(0, 100)),
        reads("trouble", "state", "what is out of order", words=("", "amplifier", "microphone")),
    ],
    places="at covers",
    timing=[
        Timing("start", "asked to playing", 500, 2000, "start within 2 s (m)"),
        Timing("tone", "tone before each phrase", 8000, 8000, "GB 50116-2013 4.8.6: 8 to 20 s"),
        Timing("evacuate", "phrase `evacuate`", 12_000, 12_000, "GB 50116-2013 4.8.9: 10 to 30 s"),
        Timing("lockdown", "phrase `lockdown`", 15_000, 15_000, "GB 50116-2013 4.8.9: 10 to 30 s"),
        Timing("drill", "phrase `drill`", 12_000, 12_000, "GB 50116-2013 4.8.9: 10 to 30 s"),
        Timing("test", "phrase `test`", 10_000, 10_000, "GB 50116-2013 4.8.9: 10 to 30 s"),
        Timing("dismiss", "phrase `dismiss` with its classes, no tone before it", 4000, 4000,
               "no alarm, so no tone (design)"),
        Timing("bell", "the school bell, no tone before it", 4000, 4000,
               "no alarm: GB 50116-2013 4.8.3 keeps bells for the day (m)"),
        Timing("wait", "phrase `wait`, at once and without a tone", 4000, 4000,
               "stop, stand, wait for your teacher: no alarm, so no tone (design)"),
        Timing("slow", "phrase `slow`, at once and without a tone", 4000, 4000,
               "slowly, one class after the other (design)"),
    ],
    faults=[
        FaultRole("off", "no power: silent, link lost, forgets what it was told"),
        FaultRole("stuck", "goes on as it is"),
        FaultRole("wrong", "plays this message instead of the one that it reports",
                  Takes(f"one of {', '.join(MESSAGES)}", words=MESSAGES)),
        FaultRole("amplifier", "nothing comes out; reported"),
        FaultRole("microphone", "a stuck talk key covers every message; reported"),
        FaultRole("half", "half of the loudspeakers are silent: `level` 50"),
    ],
    comms_lost="goes on as last told", power_lost="100 V amplifier on battery: goes on",
    clauses=("GB 50116-2013 4.8.6 to 4.8.9",),
)  # fmt: skip

_SIGN = kind(
    "exit-sign", ("Dynamic exit sign", "智能疏散指示灯"), "sign", bus="mqtt",
    points=[
        writes("show", "cmd", "the face to show", words=FACES),
        reads("showing", "state", "the face that it drives", words=FACES),
        reads("lamp", "state", "true: the lamp is in order", as_type="bool"),
        reads("battery", "state", "charge left", unit="%", span=(0, 100)),
    ],
    places="at shows", powered=True,
    timing=[
        Timing("change", "asked to shown", 200, 900, "at most 1 s; system 5 s (m)"),
        _DURATION, _RECHARGE,
    ],
    faults=[
        FaultRole("off", "no power: dark, link lost, forgets what it was told"),
        FaultRole("stuck", "keeps its face"),
        FaultRole("wrong", "shows this face and reports the one asked for",
                  Takes(f"one of {', '.join(FACES)}", words=FACES)),
        FaultRole("lamp", "dark; `lamp` says so, `showing` does not"),
        FaultRole("battery", "the battery reports and holds this",
                  Takes("a battery of 0 to 100 percent", 0, 100, whole=True)),
    ],
    comms_lost="keeps its face", power_lost="keeps its face while its battery lasts",
    clauses=("GB 50116-2013 4.9.2: all signs on within 5 s", "GB 51309-2018 (m)"),
)  # fmt: skip

_LIGHT = kind(
    "emergency-light", ("Emergency light", "消防应急照明灯具"), "lite",
    points=[
        writes("mode", "holding 0", "0 rest, 1 emergency, 2 inhibit, 3 duration test",
               span=(0, 3)),
        reads("lit", "discrete 0", "1: the lamp is lit"),
        reads("battery", "input 0", "charge left", unit="%", span=(0, 100)),
        reads("failures", "input 1", "bits: 0 lamp, 1 battery too short, 2 test overdue",
              span=(0, 7)),
        reads("lasted", "input 2", "what the last duration test came to", unit="min"),
    ],
    places="at", boards={"light-board": 16}, powered=True,
    timing=[
        Timing("switch", "asked or mains lost to lit", 40, 240,
               "GB 51309-2018: 0.25 s in high-danger places (m)"),
        _DURATION, _RECHARGE,
    ],
    settings=[Setting("minutes", "what a duration test must come to, minutes", 30,
                      Takes("10 to 180 minutes", 10, 180, whole=True))],
    faults=[
        FaultRole("stuck", "the lamp stays as it is"),
        FaultRole("lamp", "dark; bit 0 of `failures`"),
        FaultRole("faded", "the battery holds this share of its charge",
                  Takes("a share of 1 to 100 percent", 1, 100, whole=True)),
        FaultRole("overdue", "nobody has tested it in time; bit 2 of `failures`"),
        FaultRole("wrong", "the battery reports this",
                  Takes("a battery of 0 to 100 percent", 0, 100, whole=True)),
    ],
    comms_lost="keeps its mode; lights by itself when the mains goes",
    power_lost="lights from its battery",
    clauses=("GB 51309-2018 (m)",),
)  # fmt: skip

_DESK = kind(
    "duty-desk", ("Duty desk", "值班台"), "ctl", bus="mqtt",
    points=[
        writes("alarm", "cmd", "text to put up; empty clears", as_type="text"),
        reads("seen", "state", "the text that the guard has seen, or his order", as_type="text"),
        reads("ask", "event", "a signed request of an operator", as_type="text"),
        writes("answer", "cmd", "what became of a request", as_type="text"),
    ],
    places="at",
    timing=[
        Timing("seen", "text up to seen by the guard", 2000, 8000, "assumed: a manned desk"),
        Timing("order", "how long an order stands", 10_000, 10_000,
               "long enough for a panel behind a slow gateway (assumed)"),
    ],
    faults=[
        FaultRole("off", "dark, link lost"),
        FaultRole("stuck", "the guard is away: nothing is seen, nothing ordered"),
    ],
    comms_lost="keeps its text", power_lost="on the guard room's UPS: goes on",
)  # fmt: skip

_RECEIVER = kind(
    "notice-receiver", ("Receiver of notices", "信息接收端"), "note", bus="mqtt",
    points=[
        writes("notice", "cmd", "a notice or report, as JSON; repeats have the same id",
               as_type="text"),
        reads("receipt", "event", "id of a notice and what a person says: `acknowledged`, `done`",
              as_type="text"),
    ],
    places="at", senses=("*",),
    timing=[
        Timing("take", "arrived to answered, over HTTP", 20, 400, "assumed: a server in town"),
    ],
    settings=[
        Setting("seen-median", "from arrival to acknowledged by a person, median, s", 8,
                Takes("1 to 3600 s", 1, 3600)),
        Setting("done-median", "from seen to done, of a step of the plan, median, s", 60,
                Takes("1 to 3600 s", 1, 3600)),
        Setting("seen-sigma", "spread of its logarithm", 0.5, Takes("0 to 2", 0, 2)),
    ],
    faults=[
        FaultRole("off", "away: link lost, connections refused"),
        FaultRole("stuck", "takes notices, but nobody looks at them"),
        FaultRole("busy", "takes nothing: answers busy, over HTTP 503"),
    ],
    comms_lost="keeps what it has", power_lost="keeps what it has; away until it is back",
    clauses=("DB15/T 3968-2025: response within 2 s, 10 alarms at once",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_SOUNDER, _STROBE, _PA, _SIGN, _LIGHT, _DESK, _RECEIVER)
