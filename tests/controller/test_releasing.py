"""The controller runs a release plan: calls classes, waits on a warning, gives way to a fire."""

from __future__ import annotations

import pytest

from controller.interface.files import BadFile
from controller.releaseplan import ReleasePlan
from controller.replay import replay
from controller.site import file_hashes, load
from tests.controller.conftest import PEOPLE
from tests.controller.field import Field
from tests.controller.test_restart import said, started
from tests.controller.test_scan import commands, fire

PLAN = """
release: 1
say: "Release after the bell"
period: lesson
start: {point: desk-1.seen, equals: dismiss}
calls: ["pa-*.message"]
during: [{outputs: [lock-1.release], value: true}]
hold: {causes: [crowd], clear_s: 5, longest_s: 40}
steps:
  - {at_s: 0, groups: [c1]}
  - {at_s: 30, groups: [c2]}
  - {at_s: 60, groups: [c3]}
posts: [{at: a, to_s: 90}]
"""
CLASS = ", kind: class, profile: pupil, count: 45, pre_movement: trained, at: {lesson: a.r1}}"


@pytest.fixture
def school(folder):
    """Three classes, the third where no loudspeaker is."""
    c2 = "  - {id: c2" + CLASS.replace("a.r1", "a.r2") + "\n"
    c3 = "  - {id: c3" + CLASS.replace("a.r1", "b.r1") + "\n"
    first = "groups:\n  - {id: c1" + CLASS + "\n"
    (folder / "people.yaml").write_text(PEOPLE[: PEOPLE.index("groups:")] + first + c2 + c3)
    (folder / "release.yaml").write_text(PLAN)
    return load(folder)


@pytest.fixture
def field(school):
    field = Field(school)
    field.until(0)
    return field


def dismiss(field, word="dismiss"):
    field.state("desk-1", "seen", word)
    field.until(field.now + 250)


def crowd(field, per_m2, for_ms=5000):
    """A camera that reports a density, for so long."""
    until = field.now + for_ms
    while field.now < until:
        field.state("cam-1", "density", per_m2)
        field.until(min(until, field.now + 500))


def steps(field):
    return [
        (round(r["t"] / 1000, 2), r["what"], r["reason"], tuple(r.get("groups", ())))
        for r in field.journal.records
        if r["k"] == "release"
    ]


def whats(field):
    return [what for _, what, *_ in steps(field)]


def calls(field):
    return [(c[0], c[2], c[3]) for c in commands(field) if c[1].startswith("pa-1")]


def test_classes_are_called_at_their_times_by_the_voice_that_covers_them(field):
    dismiss(field)
    field.until(95_000)
    assert steps(field) == [
        (0.25, "start", "desk-1.seen", ()),
        (0.25, "call", "0 ms after the bell", ("c1",)),
        (30.25, "call", "30000 ms after the bell", ("c2",)),
        (60.25, "call", "60000 ms after the bell", ("c3",)),
    ]
    # the lowest rank above rest; each call stands for 10 s; nobody speaks to c3
    assert calls(field) == [
        (250, "dismiss c1", 6), (10_250, "", 8), (30_250, "dismiss c2", 6), (40_250, "", 8),
    ]  # fmt: skip
    assert field.boards["doors-1"].coils[1] == 1


def test_it_ends_five_minutes_after_the_last_call_and_takes_back_what_it_asked_for(field):
    dismiss(field)
    field.until(360_000)
    assert whats(field)[-1] == "call"
    field.until(360_500)
    assert steps(field)[-1][:3] == (360.25, "end", "")
    field.until(362_000)
    assert field.boards["doors-1"].coils[1] == 0
    assert whats(field).count("start") == 1  # the order that still stands does not start it again
    dismiss(field, "reset")
    dismiss(field)
    assert whats(field).count("start") == 2


def test_a_warning_holds_the_release_until_it_has_been_clear(field):
    dismiss(field)
    field.until(20_000)
    crowd(field, 4.0, 15_000)  # the cause holds 3 s after the density is above its limit
    crowd(field, 1.0, 50_000)
    held, resumed = (next(s for s in steps(field) if s[1] == w) for w in ("hold", "resume"))
    assert held[0] == pytest.approx(23, abs=1)
    assert held[2] == "crowd"
    assert resumed[0] == pytest.approx(40, abs=1)  # clear at 35 s, and 5 s more
    assert resumed[2] == "clear"
    second = next(s for s in steps(field) if s[3] == ("c2",))
    assert second[0] == pytest.approx(30.25 + resumed[0] - held[0], abs=0.01)


def test_no_hold_lasts_longer_than_its_longest_time_nor_twice_for_one_warning(field):
    dismiss(field)
    field.until(20_000)
    crowd(field, 4.0, 120_000)
    assert whats(field) == ["start", "call", "hold", "resume", "call", "call"]
    held, resumed = steps(field)[2:4]
    assert (resumed[0] - held[0], resumed[2]) == (40, "longest")
    crowd(field, 1.0, 10_000)
    assert whats(field)[-1] == "call"  # nobody is left to be called: a new warning holds nothing
    crowd(field, 4.0, 10_000)
    assert whats(field)[-1] == "call"


def test_a_second_warning_holds_again(field):
    dismiss(field)
    field.until(5_000)
    for _ in range(2):
        crowd(field, 4.0, 6_000)
        crowd(field, 1.0, 12_000)
    assert whats(field).count("hold") == 2


def test_a_call_that_is_being_said_is_taken_back_by_a_hold_and_made_again(field):
    crowd(field, 4.0, 1_500)
    dismiss(field)
    crowd(field, 4.0, 6_000)
    crowd(field, 1.0, 8_000)
    assert whats(field) == ["start", "call", "hold", "resume", "call"]
    assert [s[3] for s in steps(field) if s[1] == "call"] == [("c1",), ("c1",)]
    assert [words for _, words, _ in calls(field)] == ["dismiss c1", "", "dismiss c1"]


def test_a_fire_ends_it_in_the_same_scan_and_keeps_the_doors(field):
    dismiss(field)
    field.until(10_000)
    fire(field)
    field.until(20_000)
    assert steps(field)[-1][1:3] == ("give-way", "fire-a")
    (decided,) = [t for t, e, w in said(field, "decision") if (e, w) == ("fire-a>doors", "on")]
    assert steps(field)[-1][0] == decided / 1000
    assert field.boards["doors-1"].coils[1] == 1
    field.until(60_000)
    assert whats(field)[-1] == "give-way"
    assert [words for _, words, _ in calls(field)][-1] == "evacuate"


def test_nothing_is_released_into_a_fire(field):
    fire(field)
    field.until(5_000)
    dismiss(field)
    field.until(6_000)
    assert steps(field) == [(5.25, "refused", "fire-a", ())]


def test_a_restart_goes_on_where_it_was_and_says_the_call_again(school, tmp_path):
    before = started(school, tmp_path / "state.json")
    before.until(0)
    dismiss(before)
    before.until(33_000)
    after = started(school, tmp_path / "state.json", before)
    after.until(40_000)
    assert steps(after)[0][3] == ("c2",)
    third = next(s for s in steps(after) if s[3] == ("c3",))
    assert third[0] == pytest.approx(60.25 - 33, abs=0.3)
    assert whats(after).count("start") == 0


def test_a_hold_goes_on_over_a_restart_and_still_ends(school, tmp_path):
    before = started(school, tmp_path / "state.json")
    before.until(0)
    dismiss(before)
    before.until(15_000)
    crowd(before, 4.0, 10_000)
    assert whats(before)[-1] == "hold"
    after = started(school, tmp_path / "state.json", before)
    crowd(after, 4.0, 45_000)
    ended = steps(after)[0]
    assert ended[1:3] == ("resume", "longest")
    assert ended[0] == pytest.approx(18 + 40 - 25, abs=1)


def test_a_state_of_before_there_were_plans_is_read(school, field):
    plain = field.controller.decider.capture()
    del plain["release"]
    field.controller.decider.restore(plain, 0)
    dismiss(field)
    assert whats(field)[0] == "start"


def test_a_journal_with_a_release_repeats(field, school, tmp_path):
    dismiss(field)
    field.until(20_000)
    crowd(field, 4.0, 10_000)
    crowd(field, 1.0, 30_000)
    fire(field)
    field.until(80_000)
    field.controller.stop()
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(field.journal.lines) + "\n", "utf-8")
    found = replay(path, school.points, school.matrix)
    assert (found.line, found.journal_says, found.program_says) == (0, "", "")
    assert {"hold", "resume", "give-way"} <= set(whats(field))


def test_a_plan_without_order_causes_or_posts_waits_for_nobody(folder, school):
    text = PLAN.replace("start: {point: desk-1.seen, equals: dismiss}\n", "")
    text = text[: text.index("posts:")].replace(
        "hold: {causes: [crowd], clear_s: 5, longest_s: 40}\n", ""
    )
    (folder / "release.yaml").write_text(text)
    plan = load(folder).matrix.release
    assert isinstance(plan, ReleasePlan)
    assert (plan.start, plan.holds, plan.lasts_ms) == ("", (), 360_000)
    field = Field(load(folder))
    field.until(0)
    dismiss(field)
    field.until(2_000)
    assert steps(field) == []


def test_a_plan_that_names_nobody_is_refused_with_the_site_and_is_bound_to_the_journal(
    folder, school
):
    assert "release.yaml" in file_hashes(folder)
    (folder / "release.yaml").write_text(PLAN.replace("[c2]", "[c9]"))
    with pytest.raises(BadFile, match="no such class in this period: 'c9'"):
        load(folder)
    (folder / "release.yaml").unlink()
    assert "release.yaml" not in file_hashes(folder)
    assert load(folder).matrix.release is None


RINGING = """
release: 1
say: "By the bell, with signs"
period: lesson
start: {point: desk-1.seen, equals: dismiss}
calls: ["pa-*.message"]
steps:
  - {at_s: 0, groups: [c1, c2], ring: true, shows: [{outputs: [lock-1.release], value: true}]}
  - {at_s: 60, groups: [c3]}
"""


def test_a_bell_rings_where_all_may_go_and_what_a_step_shows_stays(folder, school):
    (folder / "release.yaml").write_text(RINGING)
    field = Field(load(folder))
    field.until(0)
    dismiss(field)
    field.until(90_000)
    assert calls(field) == [(250, "bell", 6), (10_250, "", 8)]
    assert field.boards["doors-1"].coils[1] == 1


def test_a_bell_that_lets_a_class_go_before_its_time_is_refused(folder, school):
    early = RINGING.replace("groups: [c1, c2]", "groups: [c1]").replace("[c3]", "[c2, c3]")
    (folder / "release.yaml").write_text(early)
    with pytest.raises(BadFile, match="c2 would hear the bell, too"):
        load(folder)
