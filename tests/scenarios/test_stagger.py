"""`twin stagger`: rehearsals obey what can be told by hand, and plans hold where they say so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from controller.interface.files import load
from controller.interface.people import PeopleFile
from controller.interface.release import ReleaseFile
from evacuation.laws import PUPILS as LAWS
from scenarios.catalog import SITES
from scenarios.check import check
from scenarios.cli import main
from scenarios.egress.place import Place
from scenarios.shares import share_interval
from scenarios.stagger import Order, stagger, stagger_text
from scenarios.stagger.bench import Bench
from scenarios.stagger.planner import FRESH_FROM
from scenarios.stagger.rehearsal import Stage
from scenarios.stagger.rooms import rooms_of
from scenarios.stagger.schedule import textbook_gap_s
from scenarios.stagger.stairs import stairs_of
from tests.scenarios.small_school import PUPILS, small_school

LIMIT = 1.2


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    return small_school(tmp_path_factory.mktemp("school"))


@pytest.fixture(scope="module")
def stage(school):
    place = Place.load(school / "floor.yaml", None, None, ())
    stairs = stairs_of(place.floor)
    return Stage(place, LAWS, [r.id for r in rooms_of(place, stairs)], stairs)


@pytest.fixture(scope="module")
def found(school, tmp_path_factory):
    pytest.importorskip("optuna")
    return stagger(order(school, tmp_path_factory.mktemp("plan"), jobs=1))


def order(school, out, **more):
    given = {"density_per_m2": LIMIT, "trials": 16, "seeds": (1, 2), "fresh": 20, **more}
    return Order(site=str(school), out=out, **given)


def test_flights_and_landings_are_one_stair_and_rooms_know_their_way(stage):
    (stair,) = stairs_of(stage.place.floor)
    assert (stair.id, stair.name) == ("a", "Stair A, ".rstrip(", "))
    assert stair.spaces == ("a.g", "a.u", "a.run")
    rooms = {room.id: room for room in rooms_of(stage.place, [stair])}
    assert {room.stair for room in rooms.values() if room.storey == "u"} == {"a"}
    assert rooms["g.r9"].stair == ""
    assert rooms["u.r1"].heads == PUPILS


def test_a_class_called_later_by_a_minute_is_out_later_by_a_minute(stage):
    now = dict.fromkeys(stage.rooms, 0)
    later = stage.rehearse(dict.fromkeys(now, 60000), seed=1)
    once = stage.rehearse(now, seed=1)
    assert later.end_s == once.end_s + 60
    np.testing.assert_allclose(later.density[:, 60:], once.density)
    assert not later.density[:, :60].any()


def test_the_density_counts_adults_of_equal_body_area(stage):
    seen = stage.rehearse(dict.fromkeys(stage.rooms, 0), seed=1)
    heads = seen.density * 0.113 / 0.055 * np.array([[8.0], [8.0], [16.8]])
    np.testing.assert_allclose(heads, heads.round(), atol=1e-6)
    assert heads.max() <= 4 * PUPILS


def test_classes_far_apart_fill_the_stair_less_than_all_at_once(stage):
    apart = {room: 90_000 * k for k, room in enumerate(stage.rooms)}
    calm, once = (stage.rehearse(s, 1) for s in (apart, dict.fromkeys(stage.rooms, 0)))
    assert calm.peak < 0.7 * once.peak
    assert calm.end_s > once.end_s


def test_the_textbook_gap_is_heads_over_what_the_flight_carries(stage):
    flight = stage.place.floor.spaces["a.run"]
    per_s = LAWS.stair_flow_per_m_s(0.15, 0.28) * 1.4
    adults = PUPILS * 0.055 / 0.113
    assert stage.adults(1)["u.r1"] == pytest.approx(adults)
    gap = textbook_gap_s(adults, LAWS, flight)
    assert gap - 10 < adults / per_s <= gap
    assert gap % 10 == 0


def test_the_plan_holds_on_seeds_that_had_no_say_in_it(found, stage):
    assert found["holds"]
    assert found["under"]["runs"] == 20
    assert found["under"]["held"] >= 19
    assert found["all_at_once"]["peak_per_m2"]["p50"] > LIMIT
    times = {row["room"]: round(1_000 * row["at_s"]) for row in found["classes"]}
    fresh = [stage.rehearse(times, FRESH_FROM + k) for k in range(3)]
    assert all(one.peak <= found["plan"]["peak_per_m2"]["max"] + 1e-3 for one in fresh)


def test_the_added_time_is_paired_by_dismissal(found):
    added, after, before = (found[k] for k in ("added_s", "plan", "all_at_once"))
    difference = after["end_s"]["mean"] - before["end_s"]["mean"]
    assert added["mean"] == pytest.approx(difference, abs=0.01)
    assert added["low"] <= added["mean"] <= added["high"]
    assert added["mean"] > 0


def test_nobody_without_a_stair_waits_and_the_first_on_each_stair_does_not(found):
    rows = found["classes"]
    assert [row["at_s"] for row in rows if not row["stair"]] == [0.0]
    assert min(row["at_s"] for row in rows if row["stair"]) == 0.0
    assert all(row["at_s"] % 10 == 0 for row in rows)


def test_posts_stand_at_the_foot_of_the_flight_while_it_is_used(found):
    (post,) = found["posts"]
    assert (post["at"], post["who"]) == ("a.g", "office.p01")
    last = max(row["at_s"] for row in found["classes"])
    assert last < post["to_s"] <= found["plan"]["end_s"]["max"] + 30


def test_the_plan_file_says_the_same_as_the_document(found, school):
    path = next(p for p in found["files"] if p.endswith("release.yaml"))
    plan = load(Path(path), ReleaseFile)
    people = load(school / "people.yaml", PeopleFile)
    assert plan.released(people) == {row["group"]: row["at_s"] for row in found["classes"]}
    assert plan.density_per_m2 == LIMIT


def test_two_processes_rehearse_like_one(stage):
    schedules = [dict.fromkeys(stage.rooms, 0), dict.fromkeys(stage.rooms, 30000)]
    with Bench(stage, 1) as one, Bench(stage, 2) as two:
        for a, b in zip(one.all(schedules, (1, 2)), two.all(schedules, (1, 2)), strict=True):
            np.testing.assert_array_equal(a.end_s, b.end_s)
            np.testing.assert_array_equal(a.peak, b.peak)


def test_the_same_seed_gives_the_same_plan_and_papers(school, tmp_path):
    pytest.importorskip("optuna")
    least = {"trials": 8, "fresh": 8, "seeds": (1,), "jobs": 1}
    documents = [stagger(order(school, tmp_path / name, **least)) for name in "ab"]
    for first, second in zip(*(document.pop("files") for document in documents), strict=True):
        if not first.endswith("plan.json"):
            assert Path(first).read_bytes() == Path(second).read_bytes(), first
    assert json.dumps(documents[0]) == json.dumps(documents[1])


def test_text_and_sentence_name_every_class_and_the_interval(found):
    text = stagger_text(found)
    assert all(row["name"] in text for row in found["classes"])
    assert "95 % interval" in text
    assert "a teacher at Stair A, landing g" in text


@pytest.mark.parametrize(("hits", "runs", "low", "high"), [
    (0, 20, 0.0, 0.1684), (20, 20, 0.8316, 1.0), (38, 40, 0.8308, 0.9939), (0, 0, 0.0, 1.0),
])  # fmt: skip
def test_a_share_has_the_interval_of_clopper_and_pearson(hits, runs, low, high):
    assert share_interval(hits, runs) == (
        pytest.approx(low, abs=2e-4),
        pytest.approx(high, abs=2e-4),
    )


@pytest.mark.parametrize(("words", "said"), [
    (("--density", "0"), "from 0.1 to 8"),
    (("--trials", "3"), "at least 8"),
    (("--seeds", "10001"), "later ones choose"),
    (("--period", "nigth"), "did you mean 'night'"),
    (("--laws", "pupil"), "did you mean 'pupils'"),
])  # fmt: skip
def test_bad_input_is_one_sentence(school, capsys, monkeypatch, words, said):
    monkeypatch.setattr("sys.argv", ["twin", "stagger", str(school), *words])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


def test_a_school_that_needs_no_stair_has_nothing_to_stagger(tmp_path):
    with pytest.raises(ValueError, match="no class needs a stair"):
        stagger(order(small_school(tmp_path, upstairs=0), tmp_path / "out"))


def test_check_finds_what_a_release_plan_says_wrongly_beside_its_site(tmp_path):
    for name in ("floor", "people", "points", "matrix"):
        shutil.copy(SITES / "primary-school" / f"{name}.yaml", tmp_path)
    path = tmp_path / "release.yaml"
    path.write_text(
        "release: 1\nsay: A plan\nperiod: lesson\nsteps:\n- {at_s: 0, groups: [c1-1, c1-11]}\n"
        "posts:\n- {at: a.sa.f11, to_s: 9}\n"
    )
    found = [(p.line, p.message, p.suggestion) for p in check(path)]
    assert found == [
        (5, "no such class in this period: 'c1-11'", "c1-1"),
        (7, "no such space in floor.yaml: 'a.sa.f11'", "a.sa.f1"),
    ]
    assert {problem.file for problem in check(tmp_path)} == {str(path)}
    path.write_text("release: 1\nsay: A plan\nperiod: lesson\nsteps:\n- {at_s: 0, grades: [1]}\n")
    assert check(tmp_path) == []
