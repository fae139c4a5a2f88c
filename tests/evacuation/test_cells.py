"""Corridors and stairs in cells: queues have length and spill back, nobody overtakes in file."""

from dataclasses import replace

import numpy as np
import pytest

from evacuation import BOUNDING, LABORATORY, Floor
from evacuation.axes import axis_of
from evacuation.floor import Space
from evacuation.network import OVERTAKING_M, build
from tests.evacuation.plans import Watch, alarm, door, evacuate, people, plan, room, stair, watch

JAM = BOUNDING.jam_per_m2


def corridor(length: float, width: float, exit_m: float = 1.0) -> Floor:
    return plan(
        room("c", 0, 0, length, width, kind="corridor", width_m=width),
        door("x", "c", "street", length, width / 2, exit_m),
    )


def loads(run: Watch, space: str) -> list[float]:
    """Persons in the cells of a space, from the beginning of its axis."""
    crowd = run.crowd
    row = crowd._net.room[list(crowd.floor.spaces).index(space)]
    cells = slice(int(row["cell"]), int(row["cell"] + row["cells"]))
    return [float(n) for n in crowd._crowd.cell["load"][cells] / 1000]


def test_a_corridor_is_cut_along_its_length_and_its_cells_have_its_area() -> None:
    turned = Space("c", "corridor", 40.0, outline=((0, 0), (12, 16), (10.4, 17.2), (-1.6, 1.2)))
    axis = axis_of(turned, [(0.0, 0.0)])
    assert axis.length == pytest.approx(20.0)
    assert len(axis.areas) == 10
    assert sum(axis.areas) == pytest.approx(40.0)
    assert axis.cell(axis.along((11.2, 16.6))) in (0, 9)


def test_a_square_piece_of_corridor_is_cut_along_the_line_of_its_openings() -> None:
    square = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
    piece = Space("c", "corridor", 100.0, outline=square)
    assert axis_of(piece, [(0.0, 5.0), (10.0, 5.0)]).ux == pytest.approx(1.0, abs=1e-9)
    assert abs(axis_of(piece, [(5.0, 0.0), (5.0, 10.0)]).uy) == pytest.approx(1.0, abs=1e-9)


def test_rooms_and_short_flights_are_one_cell() -> None:
    floor = plan(
        room("hall", 0, 0, 60, 40),
        stair("s", 2.5, 1.5, ""),
        door("a", "hall", "s", 60, 20),
        door("x", "s", "street", 62, 20),
    )
    assert build(floor, BOUNDING).room["cells"].tolist() == [1, 1, 1]


def test_a_queue_in_a_corridor_is_as_long_as_its_people_at_jam_density() -> None:
    run = watch(corridor(40, 2), people(60, "c", xy=(0.0, 1.0)))
    run.go(45, alarm(run.crowd.floor))
    waiting = run.crowd.queue("x")
    assert waiting > 20
    found = loads(run, "c")
    full = [n for n in found if n >= 2 * 2 * JAM - 1]
    assert len(full) == pytest.approx(waiting / (2 * 2 * JAM), abs=1.01)
    assert found[-1] >= 2 * 2 * JAM - 1
    assert sum(found[:10]) <= 3


def test_who_comes_to_a_queue_stops_at_its_end_and_not_at_the_door() -> None:
    early = people(45, "c", "early", xy=(30.0, 1.0))
    late = people(1, "c", "late", xy=(0.0, 1.0), speed_m_s=1.0)
    run = watch(corridor(40, 2), early + late).go(60, alarm(corridor(40, 2)))
    walk = next(s for s in run.moves.segments if s[0] == "late0000" and s[2] == "walk")
    behind = 45 - 0.91 * 30  # he comes about 38 s after the first set off, who needed 8 s
    assert (walk[4] - walk[3]) / 1000 == pytest.approx(40 - behind / (JAM * 2), abs=2.0)


def test_a_queue_spills_back_and_holds_up_the_classroom_beside_it() -> None:
    def cleared(exit_m: float) -> dict[str, float]:
        floor = plan(
            room("c", 0, 0, 12, 2, kind="corridor", width_m=2.0),
            room("far", 0, 2, 6, 6),
            room("near", 6, 2, 6, 6),
            door("d1", "far", "c", 1, 2),
            door("d2", "near", "c", 11, 2),
            door("x", "c", "street", 12, 1, exit_m),
        )
        run = evacuate(floor, people(90, "far", "far") + people(90, "near", "near"))
        left = {s[1]: s[4] / 1000 for s in sorted(run.moves.segments, key=lambda s: s[4])}
        return {space: left[space] for space in ("far", "near")}

    free, held = cleared(2.5), cleared(0.8)
    assert free["near"] == pytest.approx(89 / 0.91 + 3.0, abs=8.0)
    assert held["near"] > free["near"] + 60.0
    assert held["far"] < held["near"] - 60.0


@pytest.mark.parametrize(("laws", "density"), [(BOUNDING, 3), (LABORATORY, 2), (LABORATORY, 3)])
def test_an_even_crowd_stays_even(laws, density) -> None:
    floor = plan(
        *[room(f"c{k}", 10 * k, 0, 10, 4, kind="corridor", width_m=4.0) for k in range(8)],
        *[
            door(f"o{k}", f"c{k}", f"c{k + 1}", 10 * (k + 1), 2, 4.0, kind="opening")
            for k in range(7)
        ],
        door("x", "c7", "street", 80, 2, 4.0, kind="opening"),
    )
    crowd = [p for k in range(8) for p in people(40 * density, f"c{k}", f"c{k}-", speed_m_s=1.34)]
    run = watch(floor, crowd, laws=laws).go(15, alarm(floor))
    middle = np.array([loads(run, f"c{k}") for k in (3, 4, 5)]).ravel() / 8.0
    assert middle.std() < 0.15 * density


def test_two_crowds_that_face_each_other_in_a_full_corridor_get_past_each_other() -> None:
    floor = plan(
        room("a", 0, 0, 6, 6),
        room("way", 6, 2, 20, 1.5, kind="corridor", width_m=1.5),
        room("b", 26, 0, 6, 6),
        door("da", "a", "way", 6, 2.7, 1.5, kind="opening"),
        door("db", "way", "b", 26, 2.7, 1.5, kind="opening"),
        door("xa", "a", "street", 0, 3, 2.0),
        door("xb", "b", "street", 32, 3, 2.0),
    )
    crowd = people(90, "a", "a", knows=("xb",)) + people(90, "b", "b", knows=("xa",))
    run = watch(floor, crowd).go(600, alarm(floor))
    assert run.crowd.inside == 0


def test_long_queues_that_face_each_other_in_one_corridor_do_not_lock() -> None:
    parts = [
        row
        for k in range(6)
        for row in (
            room(f"c{k}", 10 * k, 0, 10, 1.5, kind="corridor", width_m=1.5),
            room(f"r{k}", 10 * k, 1.5, 10, 8),
            door(f"d{k}", f"r{k}", f"c{k}", 10 * k + 5, 1.5),
        )
    ]
    joints = [
        door(f"o{k}", f"c{k}", f"c{k + 1}", 10 * (k + 1), 0.75, 1.5, kind="opening")
        for k in range(5)
    ]
    ends = [door("x", "c0", "street", 0, 0.75), door("y", "c5", "street", 60, 0.75)]
    crowd = [
        p
        for k in range(6)
        for goal in "xy"
        for p in people(30, f"r{k}", f"{goal}{k}-", knows=(goal,))
    ]
    run = evacuate(plan(*parts, *joints, *ends), crowd, 1200)
    assert run.used() == {"x": 180, "y": 180}
    assert 179 / 0.91 <= run.last_s <= 2.5 * 180 / 0.91


@pytest.mark.parametrize("width", [1.0, 1.2])
def test_nobody_passes_somebody_slow_where_two_bodies_do_not_fit(width: float) -> None:
    assert width < OVERTAKING_M
    floor = corridor(30, width, width)
    first = people(1, "c", "slow", xy=(2.0, width / 2), speed_m_s=0.5)
    crowd = first + people(12, "c", "quick", xy=(0.0, width / 2), speed_m_s=1.4)
    run = evacuate(floor, crowd)
    assert run.out_s["slow0000"] == min(run.out_s.values())
    assert run.out_s["slow0000"] == pytest.approx(28 / 0.5, abs=1.0)


def test_the_quick_pass_the_slow_where_there_is_room() -> None:
    floor = corridor(30, 2.0, 2.0)
    slow = people(1, "c", "slow", xy=(2.0, 1.0), speed_m_s=0.5)
    run = evacuate(floor, slow + people(12, "c", "quick", xy=(0.0, 1.0), speed_m_s=1.4))
    assert run.out_s["slow0000"] == max(run.out_s.values())


def test_single_file_holds_on_a_narrow_stair_as_well() -> None:
    floor = plan(
        room("top", 0, 0, 4, 4, storey="f1"),
        stair("s", 8.0, 1.1, "f0"),
        door("t", "top", "s", 4, 2, 1.1),
        door("x", "s", "street", 4, 2, 1.1),
        storeys=({"id": "f0", "z_m": 0.0}, {"id": "f1", "z_m": 3.6}),
    )
    slow = [replace(p, stair_speed_m_s=0.2) for p in people(1, "top", "slow", xy=(3.9, 2.0))]
    run = evacuate(floor, slow + people(10, "top", "quick", xy=(0.0, 2.0)))
    assert run.out_s["slow0000"] == min(run.out_s.values())
