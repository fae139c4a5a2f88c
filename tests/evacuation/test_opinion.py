"""The second opinion: storeys cut true, planes drawn true, and JuPedSim where theory knows."""

import math

import pytest
from shapely import Point, box

from evacuation import BOUNDING, Floor, Person
from evacuation.opinion import models, walk
from evacuation.opinion.aims import aims_of
from evacuation.opinion.cut import ALL, cuts
from evacuation.opinion.models import NoOpinion
from evacuation.opinion.ours import walked
from evacuation.opinion.places import places_of, radius_m
from evacuation.opinion.plane import plane_of
from evacuation.opinion.walk import ask, bracket


def outline(x0, y0, x1, y1):
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]


def room(name, corners, storey="g", kind="room"):
    area = (corners[1][0] - corners[0][0]) * (corners[2][1] - corners[1][1])
    return {"id": name, "kind": kind, "storey": storey, "area_m2": area, "outline": corners}


def building() -> Floor:
    """Room 4 x 4 m, corridor 30 x 2 m beside it with the exit; a stair up to an office."""
    return Floor.from_mapping(
        {
            "storeys": [{"id": "g", "z_m": 0.0}, {"id": "u", "z_m": 3.0}],
            "spaces": [
                room("room", outline(0, 0, 4, 4)),
                room("way", outline(4, 0, 34, 2), kind="corridor"),
                room("office", outline(30, 2, 34, 6), "u"),
                {"id": "stair", "kind": "stair", "storey": "g", "area_m2": 8.0, "width_m": 1.2,
                 "slope_length_m": 6.0},
                {"id": "out", "kind": "street", "area_m2": 1e4, "safe": True},
            ],
            "portals": [
                {"id": "door", "between": ["room", "way"], "width_m": 1.0, "at": [4, 1]},
                {"id": "exit", "between": ["way", "out"], "width_m": 1.2, "at": [34, 1]},
                {"id": "foot", "between": ["stair", "way"], "width_m": 1.2, "at": [31, 2]},
                {"id": "head", "between": ["office", "stair"], "width_m": 1.2, "at": [32, 2]},
            ],
        }
    )  # fmt: skip


def person(name, space, delay_s=0.0, knows=(), **more):
    said = {"speed_m_s": 1.25, "body_area_m2": 0.1, "pre_movement_ms": round(1_000 * delay_s)}
    return Person(name, space, "g", "adult", knows=knows, **(said | more))


def test_a_storey_ends_at_its_stairs_and_says_so():
    ground, upper = cuts(building(), [person("a", "room"), person("b", "office", knows=("exit",))])
    assert set(ground.floor.exits) == {"exit", "foot"}
    assert upper.floor.exits == ("head",)
    assert upper.people[0].knows == ()
    assert "whoever reaches a stair (stair) is out" in ground.note
    assert [cut.name for cut in (ground, upper)] == ["g", "u"]


def test_people_on_a_stair_are_counted_as_left_out_of_no_storey():
    ground = cuts(building(), [person("a", "room"), person("s", "stair")])[0]
    assert [one.id for one in ground.people] == ["a"]


def test_a_closed_portal_is_a_wall():
    ground = cuts(building(), [person("a", "room")], closed=("foot",))[0]
    assert ground.floor.exits == ("exit",)


def test_a_floor_on_one_level_is_not_cut():
    floor = Floor.from_mapping(
        {
            "spaces": [
                room("room", outline(0, 0, 4, 4), ""),
                {"id": "out", "kind": "street", "area_m2": 1e4, "safe": True},
            ],
            "portals": [{"id": "x", "between": ["room", "out"], "width_m": 1.0, "at": [4, 2]}],
        }
    )
    assert [cut.name for cut in cuts(floor, [person("a", "room")])] == [ALL]


def test_the_plane_is_one_piece_with_doors_as_wide_as_in_the_floor():
    ground = cuts(building(), [person("a", "room")])[0]
    plane = plane_of(ground.floor)
    assert plane.lost == ()
    assert plane.walked.geom_type == "Polygon"
    across = plane.walked.intersection(box(3.999, -1, 4.001, 3))
    assert across.area / 0.002 == pytest.approx(1.0, abs=0.02)
    assert plane.exits["exit"].distance(Point(34.3, 1)) == 0.0
    assert plane.walked.contains(plane.exits["exit"].buffer(-0.01))


def test_nobody_stands_in_a_wall_or_in_another():
    people = [person(f"p{k}", "room") for k in range(30)]
    plane = plane_of(cuts(building(), people)[0].floor)
    spots = list(places_of(people, plane.rooms, 1).values())
    least = min(math.dist(a, b) for k, a in enumerate(spots) for b in spots[:k])
    assert least >= 2 * radius_m(people[0])
    assert all(plane.rooms["room"].contains(Point(at).buffer(radius_m(people[0]))) for at in spots)


def test_a_room_too_full_for_bodies_is_said_so():
    people = [person(f"p{k}", "room") for k in range(120)]
    plane = plane_of(cuts(building(), people)[0].floor)
    with pytest.raises(NoOpinion, match=r"120 bodies do not fit in room"):
        places_of(people, plane.rooms, 1)


def test_people_head_for_the_nearest_exit_that_they_know():
    people = [person("near", "way"), person("taught", "way", knows=("exit",))]
    places = {"near": (29.0, 1.0), "taught": (29.0, 1.0)}
    ground = cuts(building(), people)[0]
    aims = aims_of(ground.floor, ground.people, places, ground.floor.exits)
    assert aims == {"near": "foot", "taught": "exit"}


@pytest.mark.parametrize("name", [name for name in models.KNOWN if name != "gcfm"])
def test_one_walker_needs_distance_over_speed_in_every_model(name):
    """33 m to the exit's line at 1.25 m/s after a delay of 3 s, give or take his start."""
    people = [person("one", "room", 3.0, knows=("exit",))]
    ground = cuts(building(), people)[0]
    (said,) = ask(ground.floor, ground.people, [name], 1)
    assert (said.not_out, said.note) == (0, "")
    assert 3 + 30.0 / 1.25 <= said.exit_s["one"] <= 3 + 35.5 / 1.25 + 2.0


def test_the_centrifugal_force_slows_a_walker_between_walls():
    """With its own defaults that model needs about twice as long in a corridor of 2 m."""
    people = [person("one", "room", 3.0, knows=("exit",))]
    ground = cuts(building(), people)[0]
    (said,) = ask(ground.floor, ground.people, ["gcfm"], 1)
    assert 40.0 < said.exit_s["one"] < 90.0


def test_a_second_opinion_is_the_same_twice():
    people = [person(f"p{k}", "room") for k in range(8)]
    ground = cuts(building(), people)[0]
    first, again = (ask(ground.floor, ground.people, ["cfsm", "avm"], 1) for _ in range(2))
    assert first == again


def test_what_a_model_dies_of_is_what_it_says(monkeypatch):
    def build(self):
        raise RuntimeError("outside of accessible area")

    monkeypatch.setattr(models.Model, "build", build)
    ground = cuts(building(), [person("a", "room")])[0]
    (said,) = ask(ground.floor, ground.people, ["sfm"], 1)
    assert said.not_out == 1
    assert said.note == "stopped at 0.0 s: outside of accessible area"


def test_a_crowd_that_stands_still_is_a_jam(monkeypatch):
    monkeypatch.setattr(walk, "JAM_S", 2.0)
    ground = cuts(building(), [person("slow", "room", speed_m_s=0.001)])[0]
    (said,) = ask(ground.floor, ground.people, ["cfsm"], 1)
    assert said.note == "jammed: 1 inside, nobody out for 2 s before 2 s"


def test_without_an_exit_in_the_plane_every_model_says_why():
    floor = Floor.from_mapping(
        {
            "spaces": [
                room("room", outline(0, 0, 4, 4), ""),
                {"id": "out", "kind": "street", "area_m2": 1e4, "safe": True},
            ],
            "portals": [{"id": "x", "between": ["room", "out"], "width_m": 1.0, "at": [40, 2]}],
        }
    )
    said = ask(floor, [person("a", "room")], ["cfsm", "avm"], 1)
    assert [one.note for one in said] == ["no exit of this storey can be drawn in the plane"] * 2
    assert bracket(said) is None


def test_our_own_crowd_walks_the_same_cut():
    people = [person("one", "room", 3.0, knows=("exit",))]
    ground = cuts(building(), people)[0]
    ours = walked(ground.floor, ground.people, BOUNDING, 1)
    (theirs,) = ask(ground.floor, ground.people, ["cfsm"], 1)
    assert ours.exit_s["one"] == pytest.approx(theirs.exit_s["one"], abs=5.0)
    low, high = bracket([ours, theirs]) or (0.0, 0.0)
    assert low <= ours.exit_s["one"] <= high


def test_without_jupedsim_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(models, "find_spec", lambda name: None)
    with pytest.raises(NoOpinion, match=r"pip install campus-twin\[jupedsim\]"):
        models.peer_version()
