"""`twin bench`: figures that mean what they say, and scenes that are the same for both engines."""

import pytest
from shapely import Point

from evacuation import BOUNDING, Floor, Person
from scenarios.benchmarks import bench, bench_text
from scenarios.benchmarks.duel import _outside
from scenarios.benchmarks.measure import Measure
from scenarios.benchmarks.ours import go
from scenarios.benchmarks.peer import Walk, walk
from scenarios.benchmarks.scenes import Scene, classroom_floor, hall


@pytest.mark.parametrize(
    ("value", "at_most", "target", "met"),
    [
        (0.1, True, 0.15, True),
        (0.2, True, 0.15, False),
        (5e7, False, 4e7, True),
        (1.0, True, None, None),
    ],
)
def test_a_target_is_met_on_the_right_side(value, at_most, target, met):
    assert Measure("x", value, "s", target, at_most).row()["met"] is met


def test_a_ratio_says_how_many_times_better():
    less = Measure("x", 0.01, "s", 500.0, peer="p", peer_value=6.0, by_ratio=True).row()
    assert (less["ratio"], less["met"]) == (600.0, True)
    more = Measure("x", 8.0, "/s", at_most=False, peer="p", peer_value=2.0).row()
    assert more["ratio"] == 4.0
    alone = Measure("x", 0.01, "s", 500.0, by_ratio=True).row()
    assert (alone["ratio"], alone["met"]) == (None, None)


def test_agent_steps_count_people_inside():
    """One person 40 m from the exit at 1.25 m/s is inside for 32 s: 320 steps of 0.1 s."""
    floor = Floor.from_mapping(
        {
            "spaces": [
                {"id": "way", "kind": "corridor", "area_m2": 100.0, "width_m": 2.0},
                {"id": "out", "kind": "street", "area_m2": 1e4, "safe": True},
            ],
            "portals": [{"id": "x", "between": ["way", "out"], "width_m": 2.0, "at": [40, 1]}],
        }
    )
    walker = Person("a", "way", "g", "adult", 1.25, 0.1, 0, xy=(0.0, 1.0))
    run = go(floor, [walker], 600.0)
    assert run.not_out == 0
    assert run.last_out_s == pytest.approx(32.0, abs=1.0)
    assert run.agent_steps == pytest.approx(10 * run.last_out_s, abs=1.0)


@pytest.mark.parametrize(
    ("scene", "people", "area_m2", "exits_m"),
    [(classroom_floor(), 450, 10 * 63 + 46 * 3, 3.6), (hall(), 1_000, 2_400, 19.2)],
    ids=["floor", "hall"],
)
def test_a_scene_is_the_same_for_both_engines(scene: Scene, people, area_m2, exits_m):
    floor = scene.floor
    inside = [space for space in floor.spaces.values() if not space.safe]
    assert len(scene.people) == people
    assert sum(space.area_m2 for space in inside) == pytest.approx(area_m2)
    assert sum(floor.portals[key].width_m for key in floor.exits) == pytest.approx(exits_m)
    assert set(scene.exits) == set(floor.exits)
    assert floor.unreachable() == []
    assert scene.walked.geom_type == "Polygon"
    assert all(scene.walked.contains(Point(one.xy).buffer(0.2)) for one in scene.people)
    assert all(scene.walked.covers(out.buffer(-1e-6)) for out in scene.exits.values())


def test_a_walk_in_jupedsim_counts_people_inside():
    scene = hall()
    few = Scene("few", scene.floor, scene.people[:5], scene.walked, scene.exits)
    said = walk(few, "cfsm")
    assert said.not_out == 0
    assert 5.0 < said.last_out_s < 40.0
    assert said.agent_steps <= 5 * said.last_out_s / 0.05 + 5


def test_a_ratio_counts_within_a_fifth_of_the_span_only():
    done = [Walk("cfsm", 1, 1.0, 100.0, 0, ""), Walk("sfm", 1, 1.0, 60.0, 0, "")]
    stuck = Walk("avm", 1, 1.0, 500.0, 7, "nobody out for 60 s")
    assert _outside(119.0, [*done, stuck]) == ""
    assert _outside(48.5, [*done, stuck]) == ""
    assert "the ratio does not count" in _outside(121.0, [*done, stuck])
    assert "leaves 7 inside: there is no ratio" in _outside(100.0, [stuck, *done])


def test_an_unknown_group_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean `crowd`"):
        bench("crowds")


def test_the_text_shows_figure_target_peer_and_reason():
    row = Measure(
        "crowd.x",
        0.02,
        "s",
        500.0,
        peer="JuPedSim",
        peer_value=4.0,
        by_ratio=True,
        more={"note": "n"},
    ).row()
    host = {"system": "Linux", "cores": 2}
    page = bench_text({"host": host, "results": [row]})
    assert "target 500  NOT MET" in page
    assert "JuPedSim: 4.0, ratio 200" in page
    assert "note: n" in page
    assert BOUNDING.name not in page
