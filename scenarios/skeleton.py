"""The three files of a new site that no building model can fill: people, points and the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evacuation.bim.text import table

if TYPE_CHECKING:
    from evacuation.bim.building import Building
    from evacuation.bim.ids import Ids
    from evacuation.bim.room import Room

PEOPLE = """\
# Started by the import: the model says nothing about people, so their numbers follow from each
# room's area and use (table in evacuation/bim/names.toml). Replace them by the real ones.
people: 1

profiles:
  # Walking speed on the level: Weidmann 1993, 1.34 +- 0.26 m/s. Body area: Predtechenskii and
  # Milinskii 1978, adult in mid-season dress 0.113 m2.
  adult: {speed: {mean: 1.34, sd: 0.26, min: 0.6, max: 2.0}, body_area_m2: 0.113}

pre_movement:
  # An office with a voice alarm and trained staff; a planning figure after PD 7974-6 table B.1.
  usual: {median_s: 60, sigma: 0.5, scatter_s: 10}

timetable:
  - {id: day, from: "08:00", to: "18:00"}

"""

POINTS = """\
# The I/O list of the site. Devices are added here, one row each; see docs/sites.md.
points: 1
site: {site}
mqtt: {{host: 127.0.0.1, port: 11883}}
gateways: []
devices: []
"""

MATRIX = """\
# The cause-and-effect matrix of the site: causes, effects, and which cause moves which effect.
matrix: 1
rules: gb50116
confirm: {window_s: 300, call_point_counts: true, latch: true}
causes: []
effects: []
rows: {}
priority: {confirmed: 2, call-point: 2, first: 4, above: 5}
"""


def people_text(building: Building, ids: Ids) -> str:
    """people.yaml with one group per room that people stay in and can leave."""
    reached = building.hops(riding=False)
    stayed = [room for room in building.rooms if room.key in reached and _head_count(room)]
    rows = table(_group(room, ids) for room in stayed)
    return PEOPLE + ("\n".join(["groups:", *rows]) if rows else "groups: []") + "\n"


def points_text(site: str) -> str:
    """points.yaml of a site without devices."""
    return POINTS.format(site=site)


def matrix_text() -> str:
    """matrix.yaml without rows."""
    return MATRIX


def _head_count(room: Room) -> int:
    share = room.meaning.m2_per_person
    return max(1, int(room.area_m2 / share)) if share else 0


def _group(room: Room, ids: Ids) -> dict[str, Any]:
    place = ids.rooms[room.key]
    return {
        "id": place,
        "kind": "staff",
        "profile": "adult",
        "count": _head_count(room),
        "pre_movement": "usual",
        "at": place,
        "name": room.title,
    }
