"""How warnings are judged: recorded by hand, so that every share can be counted."""

from __future__ import annotations

from pathlib import Path

from controller.crowdfile import CrowdEntry, WatchEntry
from controller.crowdvalues import crowd
from controller.interface.points import Quality, Sample
from reports.warning import write_curves
from scenarios.warning.dismissal import SLICE_MS, Fell, Recorded, stairs
from scenarios.warning.judging import LEAD_MS, Share, judge, judge_cascade, shares
from scenarios.warning.shelf import Shelf
from scenarios.warning.steered import steered
from scenarios.warning.tuning import dense, lying, stopped

SPACES = {"low": "a.s.f1-f2", "high": "a.s.f2-f3"}
CROWD = crowd(
    CrowdEntry(
        counted=1.0,
        watches=tuple(
            WatchEntry(id=name, say="", camera=f"cam-{name}", space=space, width_m=1.0)
            for name, space in SPACES.items()
        ),
    ),
    None,
)


def recorded(kind, falls, seen_from_s=None, dense_from_s=None):
    """A minute and a half before two cameras; the lower one sees somebody lie, or a dense jam."""
    one = Recorded(kind, 1, falls=falls)
    for second in range(90):
        samples = {}
        for watch in CROWD.watches.values():
            low = watch.id == "low"
            fallen = low and seen_from_s is not None and second >= seen_from_s
            dense = low and dense_from_s is not None and second >= dense_from_s
            says = (4.0 if dense else 0.5, 10, 0 if dense else second, 0.5, int(fallen), False)
            for point, value in zip(watch.says, says, strict=True):
                samples[point] = Sample(point, value, Quality.GOOD, 1000 * second)
        one.pictures.append((1000 * second, samples))
    return one


def falls(*times_s, space="a.s.f1-f2"):
    causes = ("forced", *["tripped"] * (len(times_s) - 1))
    return [Fell(1000 * t, space, cause) for t, cause in zip(times_s, causes, strict=True)]


def test_a_stair_is_its_flights_from_below():
    assert stairs(SPACES) == {"a.s": ["low", "high"]}


def test_r_f_is_above_one_at_the_second_fall_over_another():
    (stair,) = judge(recorded("trip", falls(30, 35, 48), seen_from_s=32), CROWD, SPACES)
    assert stair.cascade == 48_000, "one fall, one over it: 1; the next makes 2"
    assert stair.red == stair.amber2 == 32_000
    assert stair.lead_ms == 16_000 > LEAD_MS
    assert stair.seen == (2000,)


def test_a_jam_before_the_fall_warns_earlier_than_the_fall():
    one = recorded("trip", falls(60, 62, 64), seen_from_s=63, dense_from_s=30)
    (stair,) = judge(one, CROWD, SPACES)
    assert 35_000 <= stair.amber2 <= 42_000, "two signs for five seconds, flow over five"
    assert stair.lead_ms == 64_000 - stair.amber2


def test_a_calm_dismissal_has_no_warning_and_a_warning_there_is_false():
    quiet = list(judge(recorded("calm", []), CROWD, SPACES))
    loud = list(judge(recorded("calm", [], seen_from_s=20), CROWD, SPACES))
    assert shares(quiet)["false_red"] == Share(0, 1)
    assert shares(loud)["false_red"] == shares(loud)["false_amber2"] == Share(1, 1)
    assert shares([*quiet, *loud])["recall"].document()["share"] is None


def test_a_higher_outflow_that_counts_as_stopped_never_warns_later():
    one = recorded("trip", falls(60, 62, 64), dense_from_s=30)
    times = [next(judge(one, stopped(f, CROWD), SPACES)).amber2 for f in (0.8, 0.2, 0.0)]
    assert times[0] <= times[1]
    assert times[2] is None, "nothing is below no outflow, and one sign is not enough"


def test_two_who_fall_over_one_are_a_cascade_and_one_is_not():
    assert judge_cascade(falls(30, 35)) is None
    assert judge_cascade(falls(30, 35, 36)) == 36_000
    (stair,) = judge(recorded("trip", falls(*range(30, 40)), seen_from_s=32), CROWD, SPACES)
    assert stair.cascade == 32_000
    assert stair.pile == 39_000, "the tenth"
    assert stair.lead(stair.pile) == 7000


def test_who_lies_for_a_moment_is_suspected_and_not_sure():
    one = recorded("calm", [], seen_from_s=89)
    at_once, late = (next(judge(one, lying(s, CROWD), SPACES)) for s in (0.0, 2.0))
    assert (at_once.red, late.red) == (89_000, None)
    assert late.suspected_ms == SLICE_MS, "one picture of a second stands for one slice here"
    found = shares([late])
    assert (found["false_red"], found["false_suspected"]) == (Share(0, 1), Share(1, 1))


def test_a_suspected_fall_is_seen_and_only_later_sure():
    one = recorded("trip", falls(30), seen_from_s=31)
    (stair,) = judge(one, lying(8.0, CROWD), SPACES)
    assert (stair.seen, stair.sure) == ((1000,), (9000,))
    found = shares([stair])
    assert (found["seen"], found["sure"]) == (Share(1, 1), Share(0, 1))


def test_density_alone_warns_from_its_threshold_on_and_leaves_falls_out():
    one = recorded("trip", falls(60, 62, 64), dense_from_s=30)
    assert next(judge(one, dense(6.0, CROWD), SPACES)).amber2 is None
    assert next(judge(one, dense(2.0, CROWD), SPACES)).amber2 == 40_000
    fallen = recorded("calm", [], seen_from_s=20)
    assert next(judge(fallen, dense(2.0, CROWD), SPACES)).red is None, "falls are left out"


def test_a_recording_comes_back_from_the_shelf_as_it_was(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "floor.yaml").write_text("a")
    (site / "matrix.yaml").write_text("a")
    shelf = Shelf(tmp_path / "out", site)
    one = recorded("trip", falls(30, 31, 33), seen_from_s=32)
    one.held, one.left = [(40_000, "d1")], 7
    shelf.put(one)
    back = shelf.get("trip", 1)
    assert (back.falls, back.held, back.left) == (one.falls, one.held, 7)
    assert list(judge(back, CROWD, SPACES)) == list(judge(one, CROWD, SPACES))


def test_a_site_by_its_name_and_by_its_path_share_their_recordings(tmp_path, monkeypatch):
    whole = Path(__file__).resolve().parents[2] / "scenarios" / "sites" / "primary-school"
    monkeypatch.chdir(whole.parent)
    by_name, by_path = (Shelf(tmp_path, site) for site in (Path("primary-school"), whole))
    assert by_name.path("calm", 1) == by_path.path("calm", 1)


def test_another_matrix_asks_for_new_steered_recordings_only(tmp_path):
    (tmp_path / "floor.yaml").write_text("a")
    (tmp_path / "matrix.yaml").write_text("a")
    before = Shelf(tmp_path / "out", tmp_path)
    (tmp_path / "matrix.yaml").write_text("b")
    after = Shelf(tmp_path / "out", tmp_path)
    assert before.path("trip", 1) == after.path("trip", 1)
    assert before.path("trip-steered", 1) != after.path("trip-steered", 1)


def test_steered_and_alone_are_compared_by_seed():
    alone = [Recorded("trip", s, falls=falls(30, 31, 32)) for s in (1, 2, 3)]
    led = [Recorded("trip-steered", s, falls=falls(30), held=[(34_000, "d")]) for s in (1, 2)]
    (plan,) = [steered([*alone, *led], ["a.s"], {"d": ("a.c", "a.s.l")})["trip"]]
    assert plan["seeds"] == 2, "the third has no pair"
    assert plan["falls"] == {
        "without": 3.0, "with": 1.0, "difference": -2.0, "low": -2.0, "high": -2.0,
    }  # fmt: skip
    assert plan["cascades"]["difference"] == -1.0
    assert plan["hold"]["fall_to_held_door_ms"] == [4000, 4000]


def test_the_curves_are_a_picture(tmp_path):
    names = ("recall", "recall_pile", "seen", "sure", "false_amber2", "false_red")
    row = {name: {"share": 0.5, "low": 0.2, "high": 0.8} for name in names}
    event = {"warned": 1, "possible": 2, "of": 2}
    document = {
        "curve": [{"curve": c, "value": 1.0, **row} for c in ("flow", "dense", "lying")],
        "lead": [{"s": 0, "cascade": event, "pile": event}],
    }
    write_curves(document, tmp_path / "warning.svg")
    text = (tmp_path / "warning.svg").read_text()
    assert text.startswith("<?xml")
