"""What access may never do, over random days at the doors of the device hall, each with its clause.

A day mixes cards (known, blocked, of visitors, torn) at every reader with fires, resets, lockdowns,
operators and restarts; what is judged is every command and every verdict that came out.
"""

from __future__ import annotations

from collections import Counter

import pytest

from controller.decider import Decider
from controller.interface.operation import Operation
from controller.interface.points import Quality
from controller.interface.streams import stream
from tests.controller.test_muster import Doors, card, parts

__all__ = ["parts"]

DAYS = 60
STEPS = 120
PEOPLE = ("fitters.p01", "fitters.p02", "fitters.p03", "visitors.p01", "guards.p01", "stranger")
ORDERS = ("lockdown", "all-clear", "evacuate", "reset", "drill", "end-drill", "muster")


class Book:
    """What goes on record, kept as it is."""

    def __init__(self):
        self.records = []

    def record(self, t_ms, phase, kind, entity, **data):
        self.records.append({"t": t_ms, "p": phase, "k": kind, "e": entity, **data})
        return len(self.records)


class Day(Doors):
    """One random day; `judged` counts how often each premise held."""

    def __init__(self, parts, seed):
        super().__init__(parts, Book())
        self.parts, self.random = parts, stream(seed, "day at the doors")
        self.judged = Counter()
        self.seen = 0

    def play(self):
        for step in range(1, STEPS):
            self.now = 2000 * step
            lot = self.random.random()
            if lot < 0.6:
                self.somebody_reads()
            elif lot < 0.75:
                state = self.pick("alarm", "normal")
                head = self.pick("sd-1", "beam-1", "sd-2")
                self.scan(self.now, (f"{head}.state", state))
            elif lot < 0.8:
                self.scan(self.now, ("lock-1.fire-input", bool(self.random.random() < 0.5)))
            elif lot < 0.97:
                self.order(self.pick(*ORDERS))
            else:
                self.restart()
            self.judge_commands()

    def pick(self, *words):
        return words[int(self.random.integers(len(words)))]

    def somebody_reads(self):
        reader = self.pick("rd-in", "rd-out", "rd-hall")
        who = card(self.pick(*PEOPLE))
        before = len(self.told(reader))
        self.scan(self.now, (f"{reader}.card", who))
        verdicts = self.told(reader)[before:]
        assert len(verdicts) == 1, "every card is answered on its scan"
        if reader == "rd-out":
            self.judged["A1"] += 1
            assert verdicts == [f"yes {who}"], "nobody is kept inside"
        claims = self.decider._state.claims
        output = {"rd-in": "turn-1.free", "rd-hall": "lock-1.release"}.get(reader)
        if output in claims and claims[output].value is True:
            self.judged["A2"] += 1
            assert verdicts == [f"yes {who}"], "a door that is open for a fire refuses nobody"

    def order(self, verb):
        self.number += 1
        asked = Operation(f"op-{self.number}", "anna", "guard", verb, "", "because")
        self.decider.intake.begin(self.now)
        self.decider.operate(asked, self.now)
        self.decider.decide(self.now)

    def restart(self):
        kept, heard = self.decider.capture(), self.decider.image.samples
        inside = self.inside()
        self.decider = Decider(*self.parts[:2], self.journal, self.parts[2])
        self.decider.restore(kept, 0)
        self.decider.intake.begin(self.now)
        for point, sample in heard.items():
            if sample.quality is Quality.GOOD:
                self.see(point, sample.value)
        self.decider.decide(self.now)
        self.judged["A4"] += bool(inside)
        assert self.inside() == inside, "nobody is forgotten"

    def inside(self):
        return set(self.decider.sections.access.access.inside(self.now))

    def judge_commands(self):
        """Access speaks to readers only; locks are moved by the matrix alone."""
        new, self.seen = self.journal.records[self.seen :], len(self.journal.records)
        for record in new:
            if record["k"] == "command" and record.get("rule", "").startswith("access"):
                self.judged["A3"] += 1
                assert record["e"].endswith(".verdict"), record
            if record["k"] == "command" and record["e"] == "lock-1.lockdown":
                assert not record["rule"].startswith("access")


@pytest.fixture(scope="module")
def days(parts):
    found = Counter()
    for seed in range(DAYS):
        day = Day(parts, seed)
        day.play()
        found += day.judged
    return found


INVARIANTS = {
    "A1": "Nobody is refused on the way out (NFPA 101 (m): egress from inside is always free)",
    "A2": "A door that stands open for a fire refuses nobody (GB 50116-2013 4.10.3 (m))",
    "A3": "Access commands verdicts at readers and nothing else: it locks no door",
    "A4": "A restart forgets nobody who is inside",
}


@pytest.mark.parametrize("name", INVARIANTS)
def test_the_premise_of_each_sentence_held(days, name):
    assert days[name] > 20, INVARIANTS[name]
