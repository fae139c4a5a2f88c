"""The sites that come with the project, whole: a fire on the stair, sounders, and everybody out."""

from functools import cache
from pathlib import Path

import pytest

from tests.twin.campus import Drill
from twin.site import Site

SITES = Path(__file__).parents[2] / "scenarios" / "sites"


@cache
def site(name: str) -> Site:
    return Site.load(SITES / name)


def alarm(drill: Drill, name: str) -> None:
    """What a controller would do at once: sounders on, locks released, fire doors let go."""
    world = drill.twin.world
    for device in site(name).points.devices.values():
        match device.kind:
            case "sounder":
                drill.sound(device.id, f"{device.id}.on#1")
            case "door-lock":
                cause = f"{device.id}.release#1"
                world.actuate(f"portal:{device.portal}", "unlocked", device.id, cause)
            case "door-holder":
                world.actuate(f"portal:{device.portal}", "closed", device.id, f"{device.id}.hold#1")


@pytest.mark.parametrize("name", ["primary-school", "kit-institute"])
def test_the_files_of_the_site_name_the_same_building_and_nobody_sits_where_no_way_leads_out(
    name: str,
) -> None:
    cut_off = [space for space, _ in site(name).floor.unreachable()]
    periods = [entry.id for entry in site(name).people.timetable]
    seats = {group.place(period) for group in site(name).people.groups for period in periods}
    assert len(site(name).warnings) == len(cut_off)
    assert not seats & set(cut_off)


@pytest.mark.parametrize(
    ("name", "period", "stair", "out_of"),
    [("primary-school", "lesson", "a.sa.f1-f2", 1380), ("kit-institute", "", "", 50)],
)
def test_people_leave_the_real_site_when_its_sounders_sound(
    name: str, period: str, stair: str, out_of: int
) -> None:
    periods = [entry.id for entry in site(name).people.timetable]
    stairs = [space.id for space in site(name).floor_file.spaces if space.kind == "stair"]
    drill = Drill(site(name), period or periods[0])
    drill.twin.stage.fire(5_000, stair or stairs[0], "fast", 1000.0, 0.07)
    drill.run(60_000)
    alarm(drill, name)
    drill.run_out(900_000)
    drill.twin.finish(drill.now)
    out, stranded = drill.out(), drill.journal.of("person", what="stranded")
    assert len(out) >= out_of
    assert len(out) + len(stranded) == drill.twin.people
    for record in out:
        assert record["start_ms"] + record["walk_ms"] + record["queue_ms"] == record["t"]
    assert drill.journal.of("sense", what="alarm")
    assert all(record["reason"] for record in stranded)
    by_cue = {record["cue"] for record in out}
    assert any(cue.startswith("snd") for cue in by_cue)
