"""Access: card readers, each with the part of its door's board that opens for them."""

from __future__ import annotations

from controller.interface.kind import FaultRole, Kind, Setting, Takes, Timing, kind, reads, writes

_READER = kind(
    "card-reader", ("Card reader", "门禁读卡器"), "card", bus="mqtt",
    points=[
        writes("verdict", "cmd", "`yes CARD` opens for one person, `no CARD` does not",
               as_type="text", forms=("no {card}", "yes {card}")),
        reads("card", "event", "hash of the card that asks to pass", as_type="text",
              personal="card"),
        reads("passed", "event", "hash of a card that it decided by itself, sent when it can be",
              as_type="text", personal="card"),
        reads("alone", "state", "true: nobody answers, it decides by itself", as_type="bool"),
        reads("tamper", "state", "true: opened", as_type="bool"),
    ],
    places="at", senses=("*",),
    timing=[
        Timing("read", "card shown to message", 100, 300, "reader practice (m)"),
        Timing("wait", "card shown to deciding alone", 3000, 3000, "assumed"),
        Timing("next", "from one card to the next", 500, 500, "assumed"),
    ],
    settings=[
        Setting("side", "out lets people out and never refuses; muster is at an assembly place",
                "in", Takes("in, out or muster", words=("in", "out", "muster"))),
        Setting("alone", "whom it lets in by itself: cards that it knows, nobody or all", "known",
                Takes("known, nobody or all", words=("known", "nobody", "all"))),
        Setting("memory", "cards that were let in last, which it knows", 1000,
                Takes("0 to 100000 cards", 0, 100_000, whole=True)),
    ],
    faults=[
        FaultRole("off", "no power: link lost, cards are not read, it opens nothing"),
        FaultRole("missed", "cards are not read"),
        FaultRole("twice", "every card is read twice"),
        FaultRole("offline", "no network: it decides alone"),
        FaultRole("tamper", "its lid is open"),
    ],
    comms_lost="decides by itself (setting `alone`); a way out opens for everybody",
    power_lost="reads nothing; the exit button and the lock's own safe state remain",
    clauses=("GB 50396-2007: egress without a card in an emergency (m)",
             "GB 50116-2013 4.10.3: doors on the route open past the reader (m)"),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (_READER,)
