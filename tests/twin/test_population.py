"""people.yaml: published tables, distributions, people by area, helpers and tasks."""

from pathlib import Path

import numpy as np
import pytest

from controller.interface.files import BadFile
from evacuation.tasks import Help, Marshal, Sweep
from tests.twin.campus import FLOOR, PEOPLE, POINTS, Drill
from twin.people import Roll, roll_call
from twin.site import Site


def load(folder: Path, people: str, floor: str = FLOOR) -> Site:
    texts = {"floor": floor, "points": POINTS, "people": people, "matrix": "matrix: 1\n"}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return Site.load(folder)


def roll(folder: Path, people: str, period: str = "always", seed: int = 1) -> Roll:
    return roll_call(load(folder, people).people, period, seed)


def complaints(folder: Path, people: str) -> str:
    with pytest.raises(BadFile) as bad:
        load(folder, people)
    return str(bad.value)


def group(extra: str = "", **more: object) -> str:
    """A file with one group in the hall."""
    keys = {"kind": "visitors", "profile": "boyce/stick", "count": 400,
            "pre_movement": "preset/university", "at": "hall", **more}  # fmt: skip
    row = ", ".join(f"{key}: {value}" for key, value in keys.items())
    return f"people: 1\n{extra}groups:\n  - {{id: g, {row}}}\n"


def test_a_table_gives_level_and_stairs_and_the_quick_are_quick_everywhere(tmp_path: Path) -> None:
    people = roll(tmp_path, group()).people
    level = np.array([p.speed_m_s for p in people])
    down = np.array([p.stair_speed_m_s or 0.0 for p in people])
    up = np.array([p.stair_up_speed_m_s or 0.0 for p in people])
    assert (level.mean(), down.mean(), up.mean()) == pytest.approx((0.84, 0.33, 0.35), abs=0.05)
    assert level.min() >= 0.1
    assert (np.argsort(level) == np.argsort(down)).all()


def test_a_profile_of_ones_own_overrules_its_table(tmp_path: Path) -> None:
    mine = "profiles: {slow: {table: boyce/stick, speed: {distribution: constant, value: 0.5}}}\n"
    people = roll(tmp_path, group(mine, profile="slow")).people
    assert {p.speed_m_s for p in people} == {0.5}
    assert people[0].stair_speed_m_s


def test_a_mix_has_its_parts(tmp_path: Path) -> None:
    parts = "{boyce/electric-wheelchair: 1, children/0-2: 3}"
    people = roll(tmp_path, group(profile=parts)).people
    wheels = [p for p in people if p.wheels_m]
    assert len(wheels) == pytest.approx(100, abs=25)
    assert {p.speed_m_s for p in wheels} == {0.89}


@pytest.mark.parametrize(
    ("entry", "median_s", "alike"),
    [
        ("{preset: preset/trained-school}", 25.0, True),
        ("{preset: preset/trained-school, per: person}", 25.0, False),
        ("{distribution: gamma, shape: 1.291, scale_s: 103.901, per: person}", 101.0, False),
        ("{distribution: uniform, min_s: 10, max_s: 100, per: person}", 55.0, False),
        ("{median_s: 30, sigma: 0.4, scatter_s: 2}", 30.0, True),
        ("{distribution: constant, value_s: 7}", 7.0, True),
    ],
)
def test_delays_are_drawn_per_group_or_per_person(
    tmp_path: Path, entry: str, median_s: float, alike: bool
) -> None:
    text = group(f"pre_movement: {{d: {entry}}}\n", pre_movement="d")
    site = load(tmp_path, text)
    runs = [roll_call(site.people, "always", seed).people for seed in range(60 if alike else 3)]
    waits = np.array([[p.pre_movement_ms / 1000 for p in people] for people in runs])
    spread = waits.std(axis=1).mean()
    assert float(np.median(waits)) == pytest.approx(median_s, rel=0.25)
    assert (spread < 5.0) == alike


def test_people_by_area_need_no_classes(tmp_path: Path) -> None:
    text = """
people: 1
areas:
  - {id: rooms, at: ["*"], but: [lobby], use: classroom, density_per_m2: 0.13, profile: mix/imo,
     pre_movement: preset/university, assembly: yard}
  - {id: rest, at: [hall], density_per_m2: 0.5, profile: weidmann/adult, pre_movement: imo/day}
"""
    people = roll(tmp_path, text).people
    places = [p.space for p in people]
    assert places.count("near") + places.count("far") == round(0.13 * 72)
    assert (places.count("hall"), places.count("lobby"), places.count("yard")) == (18, 0, 0)


def test_helpers_and_tasks_reach_the_persons(tmp_path: Path) -> None:
    text = """
people: 1
groups:
  - {id: office, kind: staff, profile: weidmann/adult, count: 4, pre_movement: imo/day, at: hall,
     tasks: [{do: marshal, at: lobby, tells: x2, stay_s: 60}, {do: sweep, rooms: ["f*", near]}]}
  - {id: chairs, kind: visitors, profile: boyce/manual-wheelchair, count: 1, pre_movement: imo/day,
     at: far, help: {by: office, each: 2, how: help/carried, meet: lobby, prepare_s: 40}}
"""
    people = {p.id: p for p in roll(tmp_path, text).people}
    assert people["office.p01"].task == Marshal("lobby", "x2", 60_000, 60_000)
    assert people["office.p02"].task == Sweep(("far", "near"), 5_000)
    helped = people["chairs.p01"].help
    assert helped == Help(("office.p01", "office.p02"), 1.0, 0.6, "lobby", 40_000)


def test_a_sweep_is_in_the_journal_with_its_times(tmp_path: Path) -> None:
    text = PEOPLE.replace("count: 1, pre_movement: trained, at: hall}",
                          "count: 1, pre_movement: trained, at: hall,\n"
                          "     tasks: [{do: sweep, rooms: [lobby, far], look_s: 4}]}")  # fmt: skip
    drill = Drill(load(tmp_path, text))
    drill.sound("snd-near")
    drill.run_out(300_000)
    done = drill.journal.of("person", what="duty")
    assert [r["did"] for r in done] == [
        "swept, 0 told to go", "swept, 21 told to go", "swept all",
    ]  # fmt: skip
    assert {r["e"] for r in done} == {"watch.p01"}
    assert [r["t"] for r in done] == sorted(r["t"] for r in done)
    assert len(drill.out()) == 43
    told = [r for r in drill.out() if r["e"].startswith("c-far")]
    assert {r["cue"] for r in told} == {"watch.p01"}


def test_who_waits_in_a_refuge_is_recorded_as_such(tmp_path: Path) -> None:
    floor = FLOOR.replace(
        "{id: lobby, name: Lobby, kind: corridor,",
        "{id: lobby, name: Lobby, kind: landing, refuge: true,",
    ).replace("between: [lobby, hall], width_m: 1.0", "between: [lobby, hall], width_m: 0.7")
    text = PEOPLE + (
        "  - {id: chair, kind: visitors, profile: boyce/electric-wheelchair, count: 1,\n"
        "     pre_movement: trained, at: far}\n"
    )
    drill = Drill(load(tmp_path, text, floor))
    drill.alarm()
    drill.run_out(300_000)
    drill.twin.finish(drill.now)
    assert [r["space"] for r in drill.journal.of("person", what="refuge")] == ["lobby"]
    assert not drill.journal.of("person", what="stranded")
    assert drill.journal.of("run", what="end")[0]["refuge"] == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (group(profile="boyce/stik"), "no such table: 'boyce/stik' (did you mean 'boyce/stick'?)"),
        (group(pre_movement="preset/univrsity"), "did you mean 'preset/university'?"),
        (group("profiles: {a: {table: imo/mal-30-50}}\n", profile="a"), "'imo/male-30-50'"),
        (group(count=-1), "greater than or equal to 0"),
        (group("profiles: {a: {speed: {mean: .nan, sd: 0, min: 1, max: 2}}}\n"), "finite number"),
        (group("profiles: {a: {speed: {distribution: gamma, shape: 2}}}\n"), "shape and scale"),
        (group("profiles: {a: {speed: {mean: 1.0, sd: 0.1}}}\n"), "needs min and max"),
        (group("profiles: {a: {body_area_m2: 0.1}}\n"), "a profile needs a speed or a table"),
        (group("pre_movement: {a: {distribution: weibull, mean_s: 3}}\n"), "shape and scale_s"),
        (group("pre_movement: {a: {preset: imo/day, distribution: gamma}}\n"), "not both"),
        (group("pre_movement: {a: {distribution: uniform, min_s: -1, max_s: 3}}\n"), "min_s"),
        (group(at="hal"), "no such space in floor.yaml: 'hal' (did you mean 'hall'?)"),
        (group(tasks="[{do: marshal}]"), "a marshal needs `at`"),
        (group(tasks="[{do: sweep, rooms: [q*]}]"), "no space matches 'q*'"),
        (group(tasks="[{do: marshal, at: hall, who: p4000}]"), "no such member: 'p4000'"),
        (group(help="{by: g2}"), "no such group: 'g2'"),
        (group(help="{by: g, each: 2}"), "800 helpers are needed, g has 400"),
        ("people: 1\n", "nobody is here"),
        (
            "people: 1\nareas: [{id: a, use: clasroom, density_per_m2: 1, profile: mix/imo,"
            " pre_movement: imo/day}]\n",
            "no space of floor.yaml has the use 'clasroom' (did you mean 'classroom'?)",
        ),
    ],
)
def test_bad_files_are_told_by_place_and_nearest_name(tmp_path: Path, text: str, says: str) -> None:
    found = complaints(tmp_path, text)
    assert says in found
    assert "people.yaml:" in found


def test_more_people_than_places_are_refused_before_the_run(tmp_path: Path) -> None:
    site = load(tmp_path, group(count=1_000_000).replace("at: hall", "at: near"))
    with pytest.raises(ValueError, match=r"1000000 people do not fit in near .36 m2.: 136 places"):
        Drill(site, "always")


def test_a_hundred_thousand_people_are_called_in_seconds(tmp_path: Path) -> None:
    """Not a measure of speed: with a generator for each this takes a minute."""
    site = load(tmp_path, group(count=100_000))
    assert len(roll_call(site.people, "always", 1).people) == 100_000
