"""The muster list beside the matrix: when it begins, who is on it, how wrong it can be."""

from __future__ import annotations

import pytest

from controller import matrix
from controller.decider import Decider
from controller.interface.cards import card_key, pseudonym
from controller.interface.files import load as load_file
from controller.interface.journal import Journal
from controller.interface.operation import Operation
from controller.interface.people import PeopleFile
from controller.interface.points import PointList, Quality
from controller.memory import moved
from controller.outputs import Outputs
from controller.plan import loading
from controller.replay import replay
from controller.service import NEVER
from scenarios.catalog import find_site

HALL = find_site("device-hall")
NOON = 12 * 60 * 60_000
HEADS = ("sd-1", "sd-2", "hd-1", "beam-1", "asp-1", "mcp-1")


def card(member):
    return pseudonym(card_key(HALL, "device-hall"), member)


@pytest.fixture(scope="module")
def parts():
    points = PointList.load(HALL / "points.yaml")
    people = load_file(HALL / "people.yaml", PeopleFile)
    rules = matrix.load(HALL / "matrix.yaml", points)
    return points, rules, loading.load(HALL / "plan.yaml", points, rules, people)


class Doors:
    """The hall's decisions with its plan, without a field; noon is the time of the day at 0."""

    def __init__(self, parts, journal=None):
        self.journal = journal or Journal(None, "0", {})
        self.decider = Decider(*parts[:2], self.journal, parts[2])
        self.decider.begin(NOON - parts[2].utc_offset_ms)
        self.now = self.number = 0
        self.note("start", scan_ms=1, began_ms=self.decider.plan.began_ms)
        for head in HEADS:
            self.see(f"{head}.state", "normal")
        for point in ("turn-1.passes-a", "turn-1.passes-b"):
            self.see(point, 0)
        self.at(0)

    def note(self, what, **data):
        self.journal.record(0, 3, "scan", "controller", what=what, **data)

    def see(self, point, value, quality=Quality.GOOD):
        intake = self.decider.intake
        say = intake.event if point.endswith((".card", ".passed")) else intake.reading
        say(point, value, quality, self.now)

    def at(self, second, *seen):
        while (due := max(self.wake_ms, self.now + 1)) < round(second * 1000):
            self.scan(due)
        self.scan(round(second * 1000), *seen)

    @property
    def wake_ms(self):
        return min(self.decider.next_ms, self.decider.intake.faults.wake_ms)

    def scan(self, now, *seen):
        self.now = now
        self.decider.intake.begin(now)
        for point, value in seen:
            self.see(point, value)
        self.decider.decide(self.now)
        self.decider.miss(self.now)

    def reads(self, second, reader, *members, point="card"):
        self.at(second, *((f"{reader}.{point}", card(one)) for one in members))

    def ask(self, verb, target=""):
        self.now, self.number = self.now + 1, self.number + 1
        self.decider.intake.begin(self.now)
        asked = Operation(f"op-{self.number}", "anna", "guard", verb, target, "because")
        answer = self.decider.operate(asked, self.now)
        self.decider.decide(self.now)
        self.decider.miss(self.now)
        return answer

    def lists(self):
        return [r for r in self.journal.records if r["k"] == "muster"]

    def last(self):
        return [r for r in self.journal.records if r["k"] == "access"][-1]

    def told(self, reader):
        said = [r for r in self.journal.records if r["k"] == "command"]
        return [r["value"] for r in said if r["e"] == f"{reader}.verdict"]


@pytest.fixture
def site(parts):
    return Doors(parts)


def missing(record):
    return [one[0] for one in record["cards"]]


def fire(site, second):
    site.at(second, ("sd-1.state", "alarm"), ("beam-1.state", "alarm"))


def test_a_card_is_answered_at_its_reader_on_the_same_scan_with_the_reason(site):
    site.reads(1, "rd-in", "fitters.p01")
    site.reads(2, "rd-in", "fitters.p01", "fitters.p03")
    assert site.told("rd-in") == [
        f"yes {card('fitters.p01')}", f"no {card('fitters.p01')}", f"no {card('fitters.p03')}",
    ]  # fmt: skip
    assert [(r["what"], r["why"]) for r in site.journal.records if r["k"] == "access"] == [
        ("granted", "fitters"), ("refused", "passback"), ("refused", "blocked"),
    ]  # fmt: skip


def test_a_number_in_plain_is_neither_kept_nor_answered(site):
    site.at(1, ("rd-in.card", "4711"))
    assert site.last()["why"] == "unreadable"
    assert "4711" not in "".join(site.journal.lines)
    assert site.told("rd-in") == []


def test_what_a_reader_in_doubt_says_is_on_record_and_not_decided(site):
    site.see("rd-in.card", card("fitters.p01"), Quality.FAULT)
    site.at(1)
    assert [r for r in site.journal.records if r["k"] == "access"] == []


def test_the_list_begins_with_the_fire_and_ends_when_no_door_stands_open(site):
    site.reads(1, "rd-in", "fitters.p01", "fitters.p02", "visitors.p01")
    fire(site, 10)
    assert [(r["what"], r["missing"]) for r in site.lists()] == [("begin", 3)]
    site.reads(20, "rd-muster", "fitters.p01", "visitors.p01")
    assert site.told("rd-muster")[-1] == f"yes {card('visitors.p01')}"
    site.at(70)
    assert site.lists()[-1]["what"] == "list"
    assert missing(site.lists()[-1]) == [card("fitters.p02")]
    assert site.lists()[-1]["cards"][0][1] == "rd-in"
    site.at(80, ("sd-1.state", "normal"), ("beam-1.state", "normal"))
    site.at(90)
    site.ask("reset")
    site.ask("all-clear")
    assert site.lists()[-1]["what"] == "end"
    assert site.decider.sections.access.wake_ms == NEVER
    assert site.lists()[-1]["safe"] == 2


def test_a_lockdown_or_a_single_detector_begins_no_list(site):
    site.reads(1, "rd-in", "fitters.p01")
    site.ask("lockdown")
    site.at(2, ("sd-1.state", "alarm"))
    assert site.lists() == []


def test_a_door_that_the_relay_opened_by_wire_refuses_nobody(site):
    site.at(1, ("lock-1.fire-input", True))
    site.reads(2, "rd-hall", "fitters.p03")
    assert site.last()["what"] == "released"
    assert site.lists() == [], "the relay alone sends nobody out"


def test_a_lockdown_does_not_keep_out_at_a_door_that_a_fire_holds_open(site):
    site.ask("lockdown")
    fire(site, 5)
    site.reads(6, "rd-in", "fitters.p01")
    assert site.last()["what"] == "released"
    assert missing(site.lists()[0]) == []
    site.ask("muster")
    assert missing(site.lists()[-1]) == [card("fitters.p01")], "he went back in, and is missing"


def test_people_counted_out_and_people_without_cards_widen_the_list(site):
    site.reads(1, "rd-in", "fitters.p01", "fitters.p02", "visitors.p01")
    site.at(2, ("turn-1.tailgate", True), ("turn-1.passes-b", 4))
    site.at(3, ("turn-1.tailgate", False))
    site.at(4, ("lock-1.held-open", True))
    fire(site, 10)
    site.at(20, ("turn-1.passes-a", 2))
    site.ask("muster")
    one = site.lists()[-1]
    assert (one["missing"], one["unread_in"], one["unread_out"]) == (3, 2, 2)
    assert (one["low"], one["high"]) == (0, 5), "the escape door stands open and counts nobody"
    assert one["doubts"] == [
        "2 times somebody may have come in without a card",
        "x-hall stood open and counts nobody", "x-turn stood open and counts",
    ]  # fmt: skip


def test_where_every_open_door_counts_the_list_has_a_lower_end(parts, site):
    site.reads(1, "rd-in", "fitters.p01", "fitters.p02", "visitors.p01")
    site.at(2, ("turn-1.passes-a", 7))
    muster = site.decider.sections.access.muster
    muster.turn(frozenset({"x-turn"}), 3000)
    muster.watch({"turn-1.passes-a": 9}.get)
    listed = muster.listed(4000)
    assert (listed.unread_out, listed.low, listed.high) == (2, 1, 3)
    muster.watch({"turn-1.passes-a": 1}.get)
    assert muster.listed(6000).unread_out == 3, "a counter that begins anew goes on from there"
    muster.watch({"turn-1.passes-a": True}.get)
    assert muster.listed(6000).unread_out == 3, "what is no number counts for nothing"


def test_a_reader_on_the_way_out_makes_safe_and_is_counted_once(site):
    site.reads(1, "rd-in", "fitters.p01", "fitters.p02")
    fire(site, 10)
    site.reads(20, "rd-out", "fitters.p01")
    site.at(21, ("turn-1.passes-a", 1))
    site.ask("muster")
    assert missing(site.lists()[-1]) == [card("fitters.p02")]
    assert site.lists()[-1]["unread_out"] == 0


def test_reads_that_are_handed_in_count_and_are_not_answered(site):
    site.reads(1, "rd-in", "fitters.p01", point="passed")
    assert site.last()["what"] == "handed-in"
    assert site.told("rd-in") == []
    assert "1 missing by the last reader" in site.ask("muster").text


def test_an_operator_asks_for_the_list_and_blocks_a_card(site):
    site.reads(1, "rd-in", "fitters.p02")
    answer = site.ask("muster")
    assert answer.text == (
        "1 missing by the last reader, 0 safe; 1 to 1 inside as far as doors count"
    )
    fire(site, 5)
    assert site.ask("muster").text.endswith("muster under way")
    assert not site.ask("block", "anna").granted
    assert site.ask("block", "fitters.p01").granted
    assert site.ask("unblock", card("fitters.p03")).granted
    blocked = site.decider.sections.access.access.blocked
    assert blocked == {card("fitters.p01"): True, card("fitters.p03"): False}


def test_everything_outlasts_a_restart(parts, site):
    site.reads(1, "rd-in", "fitters.p01", "fitters.p02")
    fire(site, 10)
    site.reads(12, "rd-muster", "fitters.p01")
    kept = site.decider.capture()
    after = Decider(*parts[:2], Journal(None, "0", {}), parts[2])
    after.restore(kept, 10_000)
    muster = after.sections.access.muster
    assert (muster.since_ms, muster.due_ms, muster.safe) == (0, 60_000, {card("fitters.p01")})
    assert set(muster.listed(20_000).missing) == {card("fitters.p02")}
    assert moved(NEVER, 10_000) == NEVER
    without = Decider(*parts[:2], Journal(None, "0", {}), parts[2])
    del kept["sections"]
    without.restore(kept, 0)
    assert without.sections.access.muster.since_ms == NEVER
    bare = Decider(*parts[:2], Journal(None, "0", {}))
    bare.restore(kept | {"sections": {"access": {}, "intrusion": {}, "gate": {}}}, 0)
    assert bare.capture()["sections"] == {}, "a site without a plan keeps nothing of one"


def test_a_journal_proves_what_was_decided_about_cards(parts, site, tmp_path):
    site.reads(1, "rd-in", "fitters.p01", "fitters.p03")
    site.at(2, ("rd-in.card", "4711"))
    site.ask("lockdown")
    site.reads(3, "rd-in", "fitters.p02")
    site.ask("muster")
    fire(site, 10)
    site.reads(20, "rd-muster", "fitters.p01")
    site.at(70)
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(site.journal.lines) + "\n", "utf-8")
    found = replay(path, *parts)
    assert (found.journal_says, found.program_says) == ("", "")
    other = replay(path, *parts[:2])
    assert other.line, "without the plan nobody decides about cards"


def test_a_verdict_is_sent_once_and_never_late(parts):
    outputs = Outputs(parts[0])
    first = outputs.tell("rd-in.verdict", "yes a", "access guards", 0)
    second = outputs.tell("rd-in.verdict", "no b", "access blocked", 0)
    assert [d.command for d in outputs.due(0)] == [first, second]
    outputs.reconnected(frozenset({"rd-in"}), 5000, again=True)
    assert outputs.due(60_000) == [], "a door must not open for somebody who has gone"
    assert outputs.answer(second.id, "ok") == second
