"""The primary school against the numbers of the codes, worked out from its files.

Clause numbers are from memory (check the printed text).
"""

import itertools
import math
from collections import Counter
from fnmatch import fnmatchcase

import networkx as nx
import pytest
from shapely.geometry import Point, Polygon

LANE_M = 0.60  # GB 50099-2011 8.2.1
PER_100 = {"a1": 0.70, "a2": 0.70, "a3": 0.80, "a4": 1.05}  # GB 50099-2011 table 8.2.3, m
EXITS_OF_BLOCK = ("a.x-a", "a.x-b", "a.x-m1", "a.x-m2")


def outline(space):
    return Polygon(space.outline)


def classes(people):
    return [group for group in people.groups if group.kind == "class"]


def heads(group):
    return group.count + (group.leader.count if group.leader else 0)


def at_lesson(people, spaces):
    """People per storey of the teaching block while lessons are on."""
    found = Counter()
    for group in people.groups:
        place = group.place("lesson")
        if place.startswith("a."):
            found[spaces[place].storey] += heads(group)
    return found


def lanes(width_m):
    return math.isclose(width_m / LANE_M, round(width_m / LANE_M), abs_tol=1e-9)


class TestClasses:
    def test_thirty_classes_of_forty_five_with_a_teacher_each(self, people):
        assert len(classes(people)) == 30
        assert sum(group.count for group in classes(people)) == 1350
        assert all(g.count <= 45 and heads(g) == g.count + 1 for g in classes(people))
        assert Counter(g.grade for g in classes(people)) == dict.fromkeys(range(1, 7), 5)

    def test_every_class_has_a_classroom_of_its_own(self, people, spaces):
        rooms = [group.place("lesson") for group in classes(people)]
        assert len(set(rooms)) == 30
        assert all(spaces[room].use == "classroom" for room in rooms)
        assert sum(space.use == "classroom" for space in spaces.values()) == 30

    def test_every_class_has_an_assembly_square_of_its_own_on_safe_ground(self, people, spaces):
        squares = [group.assembly for group in classes(people)]
        assert len(set(squares)) == 30
        assert all(spaces[square].safe for square in squares)

    def test_no_storey_of_classrooms_above_the_fourth(self, file, spaces):
        level = {storey.id: number for number, storey in enumerate(file.storeys, 1)}
        highest = max(level[s.storey] for s in spaces.values() if s.use == "classroom")
        assert highest <= 4  # GB 50099-2011 4.3.2

    def test_classrooms_give_every_pupil_the_area_and_height_of_the_code(self, people, spaces):
        for group in classes(people):
            room = spaces[group.place("lesson")]
            assert room.area_m2 >= 1.36 * group.count  # GB 50099-2011 7.1.1
            assert room.height_m >= 3.0  # GB 50099-2011 7.2.1

    def test_in_the_evening_only_staff_is_there(self, people):
        present = [group for group in people.groups if group.place("evening")]
        assert present
        assert all(group.kind == "staff" for group in present)


class TestWidths:
    def test_teaching_rooms_have_two_doors_of_ninety_centimetres(self, people, spaces, floor):
        teaching = [s for s in spaces.values() if s.use in ("classroom", "teaching", "library")]
        assert len(teaching) >= 30
        most = max(group.count + 1 for group in classes(people))
        for room in teaching:
            widths = [floor.portals[portal].width_m for portal in floor.portals_of(room.id)]
            assert len(widths) >= 2  # GB 50099-2011 8.8.1
            assert min(widths) >= 0.90  # 8.8.1, 8.2.4
            assert sum(widths) >= most * PER_100[room.storey] / 100

    def test_every_room_door_is_ninety_centimetres_or_more(self, portals):
        assert all(p.width_m >= 0.90 for p in portals.values() if p.kind == "door")

    def test_corridors_take_the_people_of_their_storey_one_way(self, people, spaces):
        need = at_lesson(people, spaces)
        corridors = [space for space in spaces.values() if space.kind == "corridor"]
        for piece in corridors:
            assert piece.width_m >= 2.40  # GB 50099-2011 8.2.3, inner corridor
            assert lanes(piece.width_m)  # 8.2.2
            assert piece.width_m >= need[piece.storey] * PER_100[piece.storey] / 100  # 8.6.1

    def test_corridors_are_drawn_as_wide_as_they_say_and_at_most_twelve_metres_long(self, spaces):
        for piece in (s for s in spaces.values() if s.kind == "corridor"):
            x0, y0, x1, y1 = outline(piece).bounds
            assert x1 - x0 <= 12.0
            assert y1 - y0 - 0.2 == pytest.approx(piece.width_m)
            assert piece.area_m2 == pytest.approx((x1 - x0) * piece.width_m)

    def test_stairs_together_carry_the_fullest_storey_above_them(self, people, spaces):
        need = at_lesson(people, spaces)
        for low in ("a1", "a2", "a3"):
            runs = [s for s in spaces.values() if s.kind == "stair" and s.storey == low]
            above = [storey for storey in PER_100 if storey > low]
            required = max(need[s] * PER_100[s] / 100 for s in above)  # 8.2.3, GB 50016 5.5.21
            assert len(runs) == 2
            assert sum(run.width_m for run in runs) >= required

    def test_flights_keep_to_lanes_risers_treads_and_pitch(self, spaces):
        for run in (s for s in spaces.values() if s.kind == "stair"):
            risers = run.rises_m / run.riser_m
            assert run.width_m >= 1.20  # GB 50099-2011 8.7.2
            assert lanes(run.width_m)
            assert run.tread_m >= 0.26  # 8.7.3
            assert run.riser_m <= 0.15
            assert risers == pytest.approx(round(risers))
            assert 3 <= risers / 2 <= 18  # two flights
            assert math.degrees(math.atan2(run.riser_m, run.tread_m)) <= 30

    def test_a_run_is_as_long_as_its_two_flights_and_the_half_landing(self, spaces):
        for run in (s for s in spaces.values() if s.kind == "stair"):
            flights = run.rises_m / run.riser_m * math.hypot(run.riser_m, run.tread_m)
            turn = math.pi * (run.width_m + 0.11) / 2  # well 0.11 m, GB 50099-2011 8.7.5
            assert run.slope_length_m == pytest.approx(flights + turn, abs=0.1)

    def test_a_landing_is_at_least_as_deep_as_its_flight_is_wide(self, spaces):
        for landing in (s for s in spaces.values() if s.kind == "landing"):
            _, y0, _, y1 = outline(landing).bounds
            assert y1 - y0 - 0.2 >= 2.4  # GB 50099-2011 8.7.7

    def test_a_stair_narrows_nowhere_on_its_way_out(self, portals, floor):
        for stair in ("sa", "sb"):
            run = floor.spaces[f"a.{stair}.f1-f2"]
            on_it = [p for p in portals.values() if any(f"a.{stair}." in s for s in p.between)]
            assert min(portal.width_m for portal in on_it) >= run.width_m

    def test_exits_of_the_block_suffice_for_the_fullest_storey(self, people, spaces, portals):
        exits = [portals[name] for name in EXITS_OF_BLOCK]
        assert all(portal.width_m >= 1.40 for portal in exits)  # GB 50099-2011 8.5.3
        fullest = max(n * PER_100[s] / 100 for s, n in at_lesson(people, spaces).items())
        assert sum(portal.width_m for portal in exits) >= fullest

    @pytest.mark.parametrize(("place", "period"), [("hall", "assembly"), ("canteen", "canteen")])
    def test_hall_and_canteen_can_be_left(self, people, floor, place, period):
        crowd = sum(heads(g) for g in people.groups if g.place(period) == place)
        doors = [floor.portals[p] for p in floor.portals_of(place) if p in floor.exits]
        assert crowd > 600
        assert sum(door.width_m for door in doors) >= crowd * 0.70 / 100  # table 8.2.3
        assert crowd / len(doors) <= 250  # GB 50016 5.5.16


class TestWaysOut:
    def test_nothing_is_cut_off(self, floor):
        assert floor.unreachable() == []

    def test_every_class_has_a_way_out_by_either_stair(self, people, floor):
        for group in classes(people):
            for shut in ("a.sa.", "a.sb."):
                graph = nx.Graph(floor.graph)
                graph.remove_nodes_from([s for s in floor.spaces if s.startswith(shut)])
                safe = [s.id for s in floor.spaces.values() if s.safe and s.id in graph]
                room = group.place("lesson")
                assert any(nx.has_path(graph, room, ground) for ground in safe)

    def test_no_classroom_door_is_more_than_35_m_from_a_stair_door(self, portals):
        # GB 50016-2014 5.5.17: teaching block of fire resistance I or II, room between two exits,
        # straight-line distance
        doors = [p for p in portals.values() if fnmatchcase(p.id, "a.f?.d?0?-?")]
        assert len(doors) == 64
        for door in doors:
            stairs = [portals[f"{door.id[:4]}.fd-{end}"] for end in "ab"]
            assert min(math.dist(door.at, stair.at) for stair in stairs) <= 35

    def test_stairs_are_enclosed_by_fire_doors_on_every_storey(self, portals):
        into = [p for p in portals.values() if p.between[1] in _landings() and "c" in p.between[0]]
        assert len(into) == 8
        assert all(p.normally == "closed-fire" and p.holds_smoke for p in into)

    def test_the_second_gate_is_locked_and_the_main_gate_has_turnstiles(self, portals):
        assert portals["gate.second"].normally == "locked"
        assert sum(p.kind == "turnstile" for p in portals.values()) == 4
        assert portals["gate.vehicles"].opens_for == "vehicles"
        assert portals["gate.vehicles"].width_m >= 4.0  # GB 50016 7.1.8


def _landings():
    return [f"a.s{end}.f{storey}" for end in "ab" for storey in range(1, 5)]


class TestDrawing:
    def test_spaces_of_a_storey_do_not_overlap(self, file):
        for storey in file.storeys:
            drawn = [(s.id, outline(s)) for s in file.spaces if s.storey == storey.id]
            for (a, one), (b, other) in itertools.combinations(drawn, 2):
                assert one.intersection(other).area < 1e-6, (a, b)

    def test_portals_lie_on_the_walls_of_both_spaces(self, file, spaces):
        for portal in file.portals:
            for name in portal.between:
                wall = outline(spaces[name]).exterior
                assert wall.distance(Point(portal.at)) < 1e-6, portal.id

    def test_openings_fit_into_the_wall_that_the_two_spaces_share(self, file, spaces):
        for portal in file.portals:
            one, other = (outline(spaces[name]).exterior for name in portal.between)
            assert one.intersection(other).length >= portal.width_m - 1e-6, portal.id

    def test_usable_area_is_inside_the_outline(self, file):
        for space in file.spaces:
            if space.kind != "stair":
                assert space.area_m2 <= outline(space).area + 0.5, space.id
