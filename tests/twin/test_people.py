"""The people of a site: seated by the timetable, alike as a class, each with an own pace."""

from pathlib import Path

import numpy as np

from tests.twin.campus import PEOPLE, small_campus
from twin.people import Roll, roll_call
from twin.site import Site


def roll(folder: Path, seed: int = 1) -> Roll:
    return roll_call(small_campus(folder).people, "lesson", seed)


def test_everybody_is_named_after_their_group_and_seated_in_its_room(tmp_path: Path) -> None:
    people = {person.id: person for person in roll(tmp_path).people}
    assert len(people) == 43
    assert people["c-near.p01"].space == "near"
    assert people["c-far.p20"].space == "far"
    assert people["c-far.t1"].leads
    assert people["c-far.t1"].role == "teacher"
    assert not people["c-far.p20"].leads


def test_a_class_prepares_together_and_classes_differ(tmp_path: Path) -> None:
    people = roll(tmp_path).people
    medians = []
    for group in ("c-near", "c-far"):
        delays_s = np.array([p.pre_movement_ms / 1000 for p in people if p.group == group])
        assert delays_s.std() < 2 * 2.0
        medians.append(float(np.median(delays_s)))
    assert abs(medians[0] - medians[1]) > 0.1


def test_over_many_seeds_the_groups_delay_has_the_stated_median_and_spread(tmp_path: Path) -> None:
    site = small_campus(tmp_path)
    logs = []
    for seed in range(300):
        near = [p for p in roll_call(site.people, "lesson", seed).people if p.group == "c-near"]
        logs.append(np.log(np.median([p.pre_movement_ms / 1000 for p in near])))
    assert abs(np.exp(np.mean(logs)) - 10.0) < 0.8
    assert abs(np.std(logs) - 0.3) < 0.06


def test_speeds_stay_within_their_profile(tmp_path: Path) -> None:
    pupils = [p.speed_m_s for p in roll(tmp_path).people if p.role == "pupil"]
    assert min(pupils) >= 0.6
    assert max(pupils) <= 1.4
    assert len(set(pupils)) == 40


def test_one_more_class_changes_nobody_else(tmp_path: Path) -> None:
    before = roll(tmp_path).people
    more = PEOPLE.replace("  - {id: watch,", "  - {id: new, kind: staff, profile: pupil, count: 3,"
                          " pre_movement: trained, at: far}\n  - {id: watch,")  # fmt: skip
    (tmp_path / "people.yaml").write_text(more)
    after = {p.id: p for p in roll_call(Site.load(tmp_path).people, "lesson", 1).people}
    assert len(after) == 46
    assert all(after[person.id] == person for person in before)
