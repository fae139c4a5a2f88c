"""The three files of a new site that no building model can fill: people, points and the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evacuation.bim.draft import Draft
from evacuation.bim.text import scalar, table

PEOPLE = """\
# Started by the import. {remark}
people: 1

profiles:
  # Walking speed on the level: Weidmann 1993, 1.34 +- 0.26 m/s. Body area: Predtechenskii and
  # Milinskii 1978, adult in mid-season dress 0.113 m2.
  adult: {{speed: {{mean: 1.34, sd: 0.26, min: 0.6, max: 2.0}}, body_area_m2: 0.113}}
{profiles}
pre_movement:
  # An office with a voice alarm and trained staff; a planning figure after PD 7974-6 table B.1.
  usual: {{median_s: 60, sigma: 0.5, scatter_s: 10}}
{delays}
timetable:
  - {{id: day, from: "08:00", to: "18:00"}}

"""
GUESSED = (
    "The file says nothing about people, so their numbers follow from each\n"
    "# room's area and use (tables beside the importer). Replace them by the real ones."
)
STATED = "Numbers, speeds and delays that the file states stand below as it has them."

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


def people_text(draft: Draft) -> str:
    """people.yaml with the groups of an import, and the speeds and delays that the file states."""
    head = PEOPLE.format(
        remark=STATED if draft.profiles or draft.pre_movement else GUESSED,
        profiles=_entries(draft.profiles),
        delays=_entries(draft.pre_movement),
    )
    rows = table(draft.groups)
    return head + ("\n".join(["groups:", *rows]) if rows else "groups: []") + "\n"


def _entries(entries: Mapping[str, Mapping[str, Any]]) -> str:
    return "".join(f"  {name}: {_flow(entry)}\n" for name, entry in entries.items())


def _flow(value: object) -> str:
    """A value in flow style; mappings keep their order."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    return scalar(value)


def points_text(site: str) -> str:
    """points.yaml of a site without devices."""
    return POINTS.format(site=site)


def matrix_text() -> str:
    """matrix.yaml without rows."""
    return MATRIX
