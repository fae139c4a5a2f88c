"""Whom an operator names in his reason is on record under a pseudonym, however he writes it."""

from __future__ import annotations

import json

import pytest

from controller.interface import envelope, topics
from controller.interface.asking import Request, encode
from controller.interface.cards import pseudonym
from controller.interface.points import Quality
from controller.names import Names
from controller.scan import Controller
from controller.site import load
from tests.controller.canaries import KEY, NAMED, NUMBER, OPERATOR, OPERATOR_KEY, plant
from tests.controller.field import Field


@pytest.fixture
def hall(tmp_path):
    return load(plant(tmp_path / "hall"))


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("said", ["{} has fallen", "it was {}.", "({}), twice: {}!"])
def test_a_name_in_a_reason_is_hidden_as_a_whole_word(hall, name, said):
    hidden = Names(hall, hall.veil).veiled(said.format(name, name))
    assert "canary" not in hidden.lower()
    assert name not in hidden
    assert hidden.count("p-") == said.count("{}")
    assert hidden.split(" ")[-1][-1] == said[-1], "what stands around the name stays"


@pytest.mark.parametrize(
    "reason",
    [
        "drill is over",
        "the guard has looked",
        "smoke in the plant",
        "card 47110 0004711x",
        "",
        "归位",
    ],
)
def test_other_words_stay(hall, reason):
    assert Names(hall, hall.veil).veiled(reason) == reason


def test_the_number_of_a_card_is_hidden_as_the_card_that_it_is(hall):
    assert Names(hall, hall.veil).veiled(f"lost: {NUMBER}") == f"lost: {pseudonym(KEY, NUMBER)}"


class Hall(Field):
    """The product on that site as a twin starts it; somebody signs requests."""

    def __init__(self, site):
        super().__init__(site)
        self.controller = Controller(site, self, self.journal, scan_ms=250, veil=site.veil)

    @property
    def book(self):
        return "\n".join(self.journal.lines)

    def ask(self, number, verb, target, reason="it is so"):
        request = Request(number, OPERATOR, verb, target, reason, 0, self.now)
        text = encode(bytes.fromhex(OPERATOR_KEY), self.site.points.site, request)
        payload = envelope.encode_state(self.now, self.now + 2, "b1", Quality.GOOD, text)
        topic = topics.join(self.site.points.site, "ctl", "console", "event/ask")
        self.broker.waiting.append((topic, payload))
        self.until(self.now + 250)
        self.broker.waiting.clear()
        sent = [envelope.decode_command(p) for t, p in self.broker.sent if t.endswith("cmd/answer")]
        return json.loads(sent[-1].value)


@pytest.fixture
def field(hall):
    field = Hall(hall)
    field.until(0)
    return field


@pytest.mark.parametrize("who", ["fitters.p01", NUMBER, pseudonym(KEY, NUMBER)])
def test_a_signed_block_names_a_card_or_a_member_and_keeps_neither(hall, field, who):
    assert field.ask("n1", "block", who)["r"] == "ok"
    blocked = field.controller.decider.sections.access.access.blocked
    own, other = pseudonym(KEY, "fitters.p01"), pseudonym(KEY, NUMBER)
    assert set(blocked) == ({own, other} if who == "fitters.p01" else {other})
    assert NUMBER not in field.book
    assert "fitters.p01" not in field.book


@pytest.mark.parametrize(
    ("verb", "target"),
    [("block", "Anna Canary"), ("lock Anna Canary", ""), ("disable", "Anna Canary"),
     ("confirm", "Wang-Canary"), ("level", "anna-canary.p01")],
)  # fmt: skip
def test_what_is_refused_does_not_repeat_the_name_that_was_typed(field, verb, target):
    answer = field.ask("anna-canary-1", verb, target, "Anna Canary asks")
    assert answer["r"] == "rejected"
    assert answer["id"] == "anna-canary-1", "who asks knows his own number"
    assert "canary" not in answer["text"].lower()
    book = field.book.lower()
    assert "anna" not in book


def test_guarded_zones_are_armed_by_signed_requests_too(field):
    assert field.ask("n1", "arm", "yard")["r"] == "ok"
    assert field.ask("n2", "disarm", "yard")["r"] == "ok"
