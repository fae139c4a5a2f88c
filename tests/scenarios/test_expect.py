"""Verdicts: what passes, what fails, and what never had a chance is inconclusive."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from scenarios.events import parse_pattern
from scenarios.expect import ERROR, EXIT_CODES, FAIL, INCONCLUSIVE, PASS, Evidence, judge, overall
from scenarios.expectation import Expectation


def record(t, kind, entity, **data):
    return {"t": t, "p": 1, "k": kind, "e": entity, "n": 1, **data}


RECORDS = [
    record(1_000, "press", "mcp-1"),
    record(1_500, "alarm", "z1", what="confirmed"),
    record(3_000, "actuate", "snd-1", state="on"),
    record(4_000, "actuate", "snd-2", state="on"),
    record(9_000, "sample", "st", density=3.0),
    record(12_000, "sample", "st", density=1.0),
    record(20_000, "person", "c.p01", what="out"),
    record(30_000, "person", "c.p02", what="out"),
]
NAMES = {"actuate": ["snd-1", "snd-2"], "person": ["c.p01", "c.p02"], "sample": ["st"]}


def verdict(end_ms=60_000, records=RECORDS, **verb):
    item = Expectation.model_validate({"id": "E", "say": "it holds", **verb})
    return judge(item, Evidence(records, 2, NAMES, end_ms))


def within(limit, **target):
    return {"within": {"from": "press mcp-1", "limit": limit, **target}}


def test_within_measures_from_the_first_event_to_the_next():
    outcome = verdict(**within("2 s", to="actuate snd-* on"))
    assert (outcome.verdict, outcome.observed, outcome.limit, outcome.unit) == (PASS, 2.0, 2.0, "s")
    assert verdict(**within("1 s", to="actuate snd-* on")).verdict == FAIL


def test_every_means_the_last_of_all_that_the_pattern_names():
    assert verdict(**within("3 s", to_every="actuate snd-* on")).observed == 3.0
    missing = [item for item in RECORDS if item["e"] != "snd-2"]
    outcome = verdict(records=missing, **within("3 s", to_every="actuate snd-* on"))
    assert outcome.verdict == FAIL
    assert "snd-2" in outcome.why


def test_what_did_not_begin_is_inconclusive():
    rule = {"within": {"from": "press mcp-9", "to": "actuate * on", "limit": "1 s"}}
    assert verdict(**rule).verdict == INCONCLUSIVE
    assert verdict(given="press mcp-9", never="person * stranded").verdict == INCONCLUSIVE


def test_a_run_that_ended_before_the_limit_is_inconclusive():
    rule = within("60 s", to="actuate horn on")
    assert verdict(end_ms=30_000, **rule).verdict == INCONCLUSIVE
    assert verdict(end_ms=90_000, **rule).verdict == FAIL


def test_never_needs_something_that_could_have_happened():
    assert verdict(never="person * stranded").verdict == PASS
    assert verdict(never="person * out").verdict == FAIL
    assert verdict(never="person nobody-* stranded").verdict == INCONCLUSIVE


def test_evacuated_counts_people_not_records():
    rule = {"from": "press mcp-1", "limit": "30 s"}
    assert verdict(evacuated=rule).observed == 29.0
    assert verdict(evacuated={**rule, "share": 0.5}).observed == 19.0
    assert verdict(records=RECORDS[:-1], evacuated=rule).verdict == FAIL


def test_crowding_counts_how_long_a_space_was_too_full():
    rule = {"spaces": "st", "at_most": "2 /m2"}
    assert verdict(crowding={**rule, "longer_than": "3 s"}).verdict == PASS
    assert verdict(crowding={**rule, "longer_than": "2 s"}).verdict == FAIL
    assert verdict(crowding={**rule, "spaces": "hall"}).verdict == INCONCLUSIVE


def test_count_and_before():
    assert verdict(count={"of": "actuate * on", "at_least": 2, "at_most": 2}).verdict == PASS
    assert verdict(count={"of": "actuate * on", "at_most": 1}).verdict == FAIL
    order = {"first": "alarm z1 confirmed", "then": "actuate * on"}
    assert verdict(before=order).verdict == PASS
    assert verdict(before={"first": order["then"], "then": order["first"]}).verdict == FAIL


def test_no_vacuous_pass():
    assert overall([], []) == INCONCLUSIVE
    good = verdict(never="person * stranded")
    assert overall([good], []) == PASS
    assert overall([good], ["sense * alarm"]) == INCONCLUSIVE
    assert EXIT_CODES == {PASS: 0, FAIL: 1, ERROR: 3, INCONCLUSIVE: 4}


def test_a_should_never_fails_a_run():
    good, bad = verdict(never="person * stranded"), verdict(must=False, never="person * out")
    assert overall([good, bad], []) == PASS
    assert overall([bad], []) == INCONCLUSIVE


def test_an_expectation_has_one_verb():
    with pytest.raises(ValidationError, match="exactly one"):
        verdict(never="person * out", eventually="person * out")


def test_an_unknown_kind_of_event_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean `sense`"):
        parse_pattern("sence sd-* alarm")
