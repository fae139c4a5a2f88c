"""The primary school's devices and matrix against the codes.

Clause numbers are from memory (check the printed text).
"""

from collections import Counter
from fnmatch import fnmatchcase

import pytest
from shapely.geometry import Polygon

from controller.interface.kinds import KINDS

SCHOOL_KINDS = {
    "smoke-detector", "heat-detector", "call-point", "fire-panel", "door-lock", "door-holder",
    "sounder", "emergency-light", "turnstile", "bollard", "pa-zone", "camera", "exit-sign",
    "duty-desk", "notice-receiver", "card-reader", "panic-button", "panic-pendant",
    "patrol-checkpoint", "pir", "perimeter-beam",
}  # fmt: skip


def outline(space):
    return Polygon(space.outline)


class TestDevices:
    def test_the_list_is_as_large_as_a_school_needs(self, points):
        assert len(points.points) >= 300
        assert sum(d.bus == "mqtt" for d in points.devices.values()) >= 60
        assert len(points.gateways) >= 6
        assert {d.kind for d in points.devices.values()} == SCHOOL_KINDS

    def test_every_kind_is_declared(self, points):
        assert set(KINDS) >= SCHOOL_KINDS

    def test_every_classroom_corridor_piece_and_landing_has_a_smoke_detector(self, spaces, points):
        watched = {d.at for d in points.devices.values() if d.kind == "smoke-detector"}
        rooms = [
            s.id
            for s in spaces.values()
            if s.use == "classroom" or s.kind in ("corridor", "landing")
        ]
        assert len(rooms) == 30 + 32 + 8
        assert set(rooms) <= watched

    def test_detectors_are_enough_for_the_floor_they_watch(self, spaces, points):
        # GB 50116-2013 table 6.2.2; smoke: 80 m2 up to 80 m2 of room or under 6-12 m, else 60 m2;
        # heat, room above 30 m2: 20 m2
        counts = Counter(
            (d.at, d.kind) for d in points.devices.values() if d.kind.endswith("-detector")
        )
        for (place, kind), number in counts.items():
            space = spaces[place]
            wide = space.area_m2 <= 80 or space.height_m > 6
            each = 20 if kind == "heat-detector" else 80 if wide else 60
            assert number * each >= space.area_m2, place

    def test_a_loop_holds_at_most_180_addresses(self, points):
        # GB 50116-2013 3.1.5: 200 a loop, a tenth of them spare
        addresses = [
            p.binding.address for p in points.points.values() if p.binding.as_type == "loop"
        ]
        loops = Counter(address // 400 for address in addresses)
        assert max(loops.values()) <= 180

    def test_every_stair_door_and_every_exit_has_a_call_point(self, floor, points):
        pressed = {d.at for d in points.devices.values() if d.kind == "call-point"}
        doors = [p for p in floor.portals.values() if p.normally == "closed-fire"]
        exits = [floor.portals[e] for e in floor.exits if not e.startswith("gate.")]
        assert {p.between[0] for p in (*doors, *exits)} <= pressed

    def test_nobody_in_the_block_walks_more_than_30_m_to_a_call_point(self, spaces, points):
        # GB 50116-2013 6.3.1, from the middle of each corridor piece
        for storey in range(1, 5):
            pieces = {i: f"a.f{storey}.c{i}" for i in range(1, 9)}
            have = {d.at for d in points.devices.values() if d.kind == "call-point"}
            with_one = [outline(spaces[p]).centroid for p in pieces.values() if p in have]
            for piece in pieces.values():
                here = outline(spaces[piece]).centroid
                assert min(here.distance(there) for there in with_one) <= 30

    def test_every_locked_exit_and_the_second_gate_has_a_lock_that_can_be_released(
        self, portals, points
    ):
        locks = {d.portal for d in points.devices.values() if d.kind == "door-lock"}
        assert locks == {p.id for p in portals.values() if p.normally == "locked"}

    def test_every_stair_fire_door_has_a_holder(self, portals, points):
        holders = {d.portal for d in points.devices.values() if d.kind == "door-holder"}
        assert holders == {p.id for p in portals.values() if p.normally == "closed-fire"}

    def test_every_corridor_piece_has_a_sign_and_the_stair_doors_are_marked(self, spaces, points):
        signs = [d for d in points.devices.values() if d.kind == "exit-sign"]
        assert {s.at for s in signs} >= {s.id for s in spaces.values() if s.kind == "corridor"}
        lasting = [sign for sign in signs if not sign.id.startswith("wait-")]
        assert sum(".fd-" in sign.near for sign in lasting) == 8

    def test_a_sign_points_at_ways_that_leave_its_own_space(self, portals, points):
        for sign in (d for d in points.devices.values() if d.kind == "exit-sign"):
            for portal in sign.shows.values():
                assert sign.at in portals[portal].between, sign.id

    def test_every_space_where_people_can_be_hears_the_voice(self, spaces, points):
        covers = [g for d in points.devices.values() if d.kind == "pa-zone" for g in d.covers]
        silent = [
            s.id
            for s in spaces.values()
            if s.kind != "street" and not any(fnmatchcase(s.id, glob) for glob in covers)
        ]
        assert silent == []

    def test_every_command_that_moves_something_is_supervised_by_a_feedback(self, points):
        """Resets are pulses; notices, answers and verdicts are acknowledged as messages; a bollard
        that rose in an emergency stays up when the order ends.
        """
        blind = {p.name for p in points.points.values() if p.write and p.feedback is None}
        assert blind == {"reset", "silence", "notice", "answer", "verdict", "efo"}


class TestMatrix:
    def test_every_zone_has_a_first_and_a_confirmed_row(self, points, table):
        for when in ("first", "confirmed"):
            zones = {z for c in table.causes.values() if c.when == when for z in c.zones}
            assert set(points.zones) <= zones

    def test_a_single_detector_moves_nothing_but_the_duty_desk(self, table):
        firsts = [c.id for c in table.causes.values() if c.when == "first"]
        moved = {
            o for r in table.rules if r.cause in firsts for o in table.effects[r.effect].outputs
        }
        assert moved == {"desk-1.alarm"}

    def test_every_confirmed_fire_sounds_speaks_releases_and_closes(self, points, table):
        wanted = [
            p.id
            for p in points.points.values()
            if p.write and p.name in ("on", "release", "hold", "mode", "free", "lower", "message")
        ]
        for cause in table.causes.values():
            if cause.when == "confirmed" and cause.id != "fire-any":
                rules = [rule for rule in table.rules if rule.cause == cause.id]
                moved = {o for rule in rules for o in table.effects[rule.effect].outputs}
                assert set(wanted) <= moved, cause.id

    def test_escape_locks_need_the_operator_to_lock_again(self, table):
        assert {rule.mode for rule in table.rules if rule.effect == "locks"} == {"U"}

    @pytest.mark.parametrize(("stair", "other"), [("a", "right"), ("b", "left")])
    def test_a_burning_stair_is_barred_on_every_storey(self, table, stair, other):
        effects = [
            table.effects[rule.effect]
            for rule in table.rules
            if rule.cause == f"fire-a-s{stair}" and rule.effect.startswith("signs")
        ]
        shown = {output: effect.value for effect in effects for output in effect.outputs}
        assert {o for o, value in shown.items() if value == "no-entry"} == {
            f"sign-f{storey}-{stair}.show" for storey in range(1, 5)
        }
        assert set(shown.values()) == {"no-entry", other}
