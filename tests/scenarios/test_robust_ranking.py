"""A ranking of measures is robust only where it holds on bad days and at both ends of what is not
known; the runs that are needed are made once, by the same files, and say nothing of victims.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from evacuation.crush.measures import is_cascade
from evacuation.crush.parameters import Falls
from reports.ranking import rank
from scenarios.comparing import rank_folders
from scenarios.contest import Contest, contest_text
from scenarios.crushrisk import fall_counts
from scenarios.robustness import CONDITIONS, MEMBERS, RANGES
from scenarios.schema import load_scenario
from scenarios.variation import opened, write
from tests.scenarios.small_school import PUPILS, small_school

SHOE = [
    {"at": "0 s", "urgency": "?.*", "times": 1.5},
    {"at": "1 s", "dismissal": "all_at_once"},
    {"at": "40 s", "fall": "a.run"},
]
POINTS = {"points": 1, "site": "small", "mqtt": {"host": "127.0.0.1", "port": 11999}, "devices": []}
MATRIX = {"matrix": 1, "rules": "gb50116", "causes": [], "effects": [], "rows": {}}
EXPECT = {
    "id": "E1",
    "say": "All out",
    "evacuated": {"share": 0.9, "from": "cue * bell", "limit": "60 s"},
}


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("school")
    (folder / "site").mkdir()
    small_school(folder / "site")
    (folder / "site" / "points.yaml").write_text(json.dumps(POINTS))
    (folder / "site" / "matrix.yaml").write_text(json.dumps(MATRIX))
    marshal = {"at": "0 s", "marshal": "a.?"}
    for name, happens in (("alone", SHOE), ("staff", [marshal, *SHOE])):
        scenario = {"scenario": 1, "say": "A shoe on the flight.", "site": "site",
                    "period": "lesson", "give_up": "60 s", "happens": happens,
                    "expect": [EXPECT]}  # fmt: skip
        (folder / f"{name}.yaml").write_text(json.dumps(scenario))
    return folder


def varied(school: Path, name: str, member: str, out: Path) -> Path:
    draft = opened(school / f"{name}.yaml")
    assert next(m for m in MEMBERS if m.id == member).vary(draft) == ""
    return write(draft, out / member / f"{name}.yaml")


def test_a_cascade_is_more_falls_over_others_than_other_falls_in_one_place():
    assert not is_cascade(1, 1)
    assert is_cascade(1, 2)
    assert not is_cascade(0, 1), "who only bends down counts as one"
    falls = [("a", "misstep"), ("a", "tripped"), ("b", "misstep"), ("b", "tripped")]
    records = [
        {"k": "person", "what": "fall", "e": f"p{n}", "space": place, "cause": cause}
        for n, (place, cause) in enumerate(falls)
    ]
    assert not fall_counts(records)["cascade"]
    third = records[-1] | {"e": "p9"}
    assert fall_counts([*records, third])["cascade"]


def test_the_set_holds_the_bad_days_and_both_ends_of_what_accidents_cannot_tell():
    assert [m.id for m in CONDITIONS] == [
        "stair-lost", "power-cut", "rain", "more-pupils", "absent-marshal",
    ]  # fmt: skip
    for one in RANGES:
        for name, low in one.low.items():
            falls = Falls()
            usual = getattr(falls, name, None) or getattr(falls.zone, name)
            assert low < usual < one.high[name], f"{name} lies inside its own range"
        assert one.source
        assert one.sure


def test_a_smaller_share_who_push_packs_a_hurried_crowd_less():
    [one] = [r for r in RANGES if r.parameter == "push_share"]
    packed = [
        falls.packing(falls.pushing(1.5))
        for falls in (Falls().but(**one.low), Falls(), Falls().but(**one.high))
    ]
    assert packed[0] < packed[1] < packed[2]


def test_members_are_scenarios_that_anybody_can_run(school, tmp_path):
    path = varied(school, "alone", "h_obs-high", tmp_path)
    assert load_scenario(path).falls["h_mid"] == 0.2
    rain = load_scenario(varied(school, "alone", "rain", tmp_path)).happens[0]
    assert rain.exit == "out", "the exit nearest to the fall"
    dark = load_scenario(varied(school, "alone", "power-cut", tmp_path)).happens[0]
    assert (dark.mains, dark.night) == ("fails", True)
    more = varied(school, "alone", "more-pupils", tmp_path)
    people = YAML(typ="safe").load((more.parent / "site-alone" / "people.yaml").read_text())
    assert people["groups"][0]["count"] == PUPILS + PUPILS // 10
    posted = load_scenario(varied(school, "staff", "absent-marshal", tmp_path)).happens
    assert [item.marshal for item in posted if hasattr(item, "marshal")] == ["a.u"]


def test_what_cannot_be_varied_says_why(school):
    draft = opened(school / "alone.yaml")
    unfit = {m.id: m.vary(draft) for m in CONDITIONS if m.id in ("stair-lost", "absent-marshal")}
    assert unfit == {
        "stair-lost": "there is no second stair",
        "absent-marshal": "no marshal is posted in it",
    }


def test_an_unknown_parameter_of_falls_is_answered_with_the_nearest(school, tmp_path):
    raw = json.loads((school / "alone.yaml").read_text())
    (tmp_path / "x.yaml").write_text(json.dumps({**raw, "falls": {"h_midd": 0.1}}))
    with pytest.raises(Exception, match="did you mean `h_mid`"):
        load_scenario(tmp_path / "x.yaml")


@pytest.fixture(scope="module")
def contest(school, tmp_path_factory) -> Contest:
    given = [school / "alone.yaml", school / "staff.yaml"]
    out = tmp_path_factory.mktemp("runs") / "contest"
    return Contest.of(given, "falls", "1..2", out, 1, people=True, every=False)


def test_an_undecided_pair_ends_the_contest_early_and_is_explained(contest):
    document = contest.decide()
    assert document["verdict"] == "undecided"
    assert set(document["crush"]) == {"as given"}
    assert len(document["not_tried"]) == len(MEMBERS)
    [why] = document["pairs"][0]["fails"]
    assert (why["under"], why["parameter"]) == ("as given", "")
    row = document["crush"]["as given"]["alone"]
    assert row["falls_mean"] >= 1.0, "somebody was made to fall"
    assert row["risk_class"] in ("raised", "high", "severe")
    assert "undecided under as given" in contest_text(document)


def test_kept_runs_are_not_made_again_and_come_out_alike(contest):
    folder = contest.out / "as-given" / "alone" / "s1"
    before = (folder / "metrics.json").stat().st_mtime_ns
    first = contest.decide()
    assert (folder / "metrics.json").stat().st_mtime_ns == before
    content = (folder / "metrics.json").read_bytes()
    (folder / "trial.json").unlink()
    assert contest.decide()["crush"] == first["crush"]
    assert (folder / "metrics.json").read_bytes() == content
    assert (folder / "metrics.json").stat().st_mtime_ns > before


def kept(folder: Path, falls: list[int]) -> None:
    for seed, count in enumerate(falls, 1):
        run = folder / f"s{seed}"
        run.mkdir(parents=True)
        (run / "manifest.json").write_text(json.dumps({"seed": seed}))
        (run / "metrics.json").write_text(json.dumps({"measures": {"falls": count}}))


def test_four_seeds_of_twenty_that_differ_decide_nothing(tmp_path):
    for name, falls in (("a", [0] * 20), ("b", [9] * 4 + [0] * 16), ("c", [9] * 7 + [0] * 13)):
        kept(tmp_path / name, falls)
    sides = {name: sorted((tmp_path / name).iterdir()) for name in "abc"}
    found = rank({"as given": sides}, "falls")
    verdicts = {(p["better"], p["worse"]): p["verdict"] for p in found["pairs"]}
    assert verdicts[("a", "b")] == "undecided"
    assert verdicts[("a", "c")] == "robust"


def test_a_ranking_by_falls_as_given_only_is_not_called_robust(tmp_path):
    kept(tmp_path / "a", [0] * 10)
    kept(tmp_path / "b", [5, 6] * 5)
    found = rank_folders([tmp_path / "a", tmp_path / "b"], (), "falls")
    assert found["verdict"] == "undecided"
    assert "not tried under stair-lost" in found["sentence"]
    given = {"as given": {n: sorted((tmp_path / n).iterdir()) for n in "ab"}}
    assert rank(given, "falls")["verdict"] == "robust"
