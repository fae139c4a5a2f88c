"""How warnings are judged: recorded by hand, so that every share can be counted."""

from __future__ import annotations

from controller.crowdfile import CrowdEntry, WatchEntry
from controller.crowdvalues import crowd
from controller.interface.points import Quality, Sample
from reports.warning import write_curves
from scenarios.warning.dismissal import Fell, Recorded, stairs
from scenarios.warning.judging import LEAD_MS, Share, judge, shares, tuned

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


def test_lower_thresholds_never_warn_later():
    one = recorded("trip", falls(60, 62, 64), dense_from_s=30)
    times = [next(judge(one, tuned(CROWD, f), SPACES)).amber2 for f in (0.5, 1.0, 1.5)]
    assert times[0] <= times[1]
    assert times[2] is None


def test_the_curves_are_a_picture(tmp_path):
    share = {"share": 0.5, "low": 0.2, "high": 0.8}
    row = dict.fromkeys(("recall", "seen", "false_amber2", "false_red"), share)
    document = {
        "curve": [{"factor": 1.0, **row}],
        "lead": [{"s": 0, "warned": 1, "possible": 2, "of": 2}],
    }
    write_curves(document, tmp_path / "warning.svg")
    text = (tmp_path / "warning.svg").read_text()
    assert text.startswith("<?xml")
