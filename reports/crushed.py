"""The part of a run's report that tells of crush: places, risk, what to do, pictures.

Class and mechanism by place, never how many would die: counts of victims are orders of magnitude
and no forecast for a named school.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from markupsafe import Markup

from reports.advice import advice
from reports.crush import Crush, figure, write_gif
from reports.dossier import Dossier
from reports.moments import moments_figure
from reports.palette import legible
from reports.people import start
from reports.stairqueue import queue_figure, stair_queues
from reports.svg import inline
from reports.zonecrush import ZoneCourse, course_figure, walls_figure

CLASSES = ("low", "raised", "high", "severe")
FILM = (
    '<figure><img alt="{}" src="data:image/gif;base64,{}" style="width:100%">'
    "<figcaption>{}</figcaption></figure>"
)
ROWS, MOMENT_ROWS, ZONES, FRAMES = 12, 8, 2, 4
SHOWN_MS, FILM_FRAMES = 200, 60


@dataclass(frozen=True, slots=True)
class Zone:
    """A crush zone of a run: its place, its recording, what it shows over time."""

    place: str
    crush: Crush
    course: ZoneCourse


def crush_section(dossier: Dossier) -> dict[str, Any]:
    """What the template shows of crush; all empty where the run's folder tells nothing of it."""
    found = dossier.metrics.get("crush") or {}
    spaces: Mapping[str, Any] = found.get("spaces") or {}
    zones = [_zone(path) for path in sorted(dossier.folder.glob("crush-*.parquet"))]
    risky = {name: row for name, row in spaces.items() if row["risk_class"] != CLASSES[0]}
    asked = bool(risky or zones)
    return {
        "crush_known": bool(spaces or zones),
        "crush_rows": list(_rows(dossier, risky)),
        "crush_advice": list(_advice(dossier, risky)),
        "crush_zones": [_zone_row(dossier, one) for one in zones],
        "crush_sums": dossier.metrics.get("falls") or {},
        "crush_dosed": found.get("dose_people"),
        "queue_figures": list(_queues(dossier)) if asked else [],
        "moments_figure": _moments(dossier, risky, zones),
        "zone_figures": [part for one in _worst(zones) for part in _pictures(dossier, one)],
    }


def _rows(dossier: Dossier, risky: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    def order(name: str) -> tuple[int, float, str]:
        row = risky[name]
        return -CLASSES.index(row["risk_class"]), -row["peak_adults_per_m2"], name

    for name in sorted(risky, key=order)[:ROWS]:
        yield {"name": dossier.building.name_of(name), "space": name, **risky[name]}


def _advice(
    dossier: Dossier, risky: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """(class, mechanism, places, actions), the worst class first; places of one kind together."""
    groups: dict[tuple[int, str], list[str]] = {}
    for name, row in sorted(risky.items()):
        key = (-CLASSES.index(row["risk_class"]), row["mechanism"])
        groups.setdefault(key, []).append(dossier.building.name_of(name))
    for (rank, mechanism), names in sorted(groups.items()):
        yield CLASSES[-rank], mechanism, "; ".join(names), advice(mechanism)


def _zone(path: Path) -> Zone:
    """Read a recording; its times count from when it opened, which its name tells."""
    crush = Crush.read(path)
    place, _, begun_s = path.stem.removeprefix("crush-").rpartition("-")
    crush.columns["t_ms"] = crush.columns["t_ms"] + 1_000 * int(begun_s)
    return Zone(place, crush, ZoneCourse.of(crush))


def _zone_row(dossier: Dossier, zone: Zone) -> dict[str, Any]:
    course = zone.course
    return {
        "name": dossier.building.name_of(zone.place),
        "from_s": course.times_s[0],
        "to_s": course.times_s[-1],
        "adults_per_m2": float(course.adults_per_m2.max()),
        "lying": int(course.lying.max()),
        "force_n": float(course.force_n.max()),
        "pressure": float(course.pressure_per_s2.max()),
        "wall_kn_per_m": float(course.wall_n_per_m.max()) / 1_000,
        "over_dose": course.over_dose,
    }


def _worst(zones: list[Zone]) -> list[Zone]:
    return sorted(zones, key=lambda one: (-one.course.lying.max(), -one.course.force_n.max()))[
        :ZONES
    ]


def _queues(dossier: Dossier) -> Iterator[Markup]:
    for number, queue in enumerate(stair_queues(dossier)):
        drawn = queue_figure(queue, dossier.building, start(dossier).t_ms)
        said = f"{legible(queue.stair, 'A stair')}: people who stand on it, floor by floor"
        yield _figure(inline(drawn, f"queue{number}", said), said + ", the lowest below.")


def _moments(dossier: Dossier, risky: Mapping[str, Any], zones: list[Zone]) -> Markup:
    found: dict[str, dict[str, float]] = {n: dict(r["moments_s"]) for n, r in risky.items()}
    for one in zones:
        seen = found.setdefault(one.place, {})
        for name, t_s in one.course.moments().items():
            seen[name] = min(t_s, seen.get(name, t_s))
    kept = sorted((n for n in found if found[n]), key=lambda n: (-len(found[n]), n))[:MOMENT_ROWS]
    if not kept:
        return Markup("")
    rows = [(legible(dossier.building.name_of(name), name), found[name]) for name in kept]
    said = "when each measure first warned, by place"
    return Markup(inline(moments_figure(rows, start(dossier).t_ms), "moments", said))


def _pictures(dossier: Dossier, zone: Zone) -> Iterator[Markup]:
    """Frames of the pile, the film of it, what it did over time, the load on its walls."""
    name, key = (
        dossier.building.name_of(zone.place),
        f"zone-{zone.place}-{zone.course.times_s[0]:.0f}",
    )
    times, start_ms = _frames(zone), start(dossier).t_ms
    frames = figure(zone.crush, times, zone.crush.window())
    yield _figure(inline(frames, f"{key}-frames", f"the crush zone {name} at {len(times)} times"),
                  f"{name}: the crush zone from above.")  # fmt: skip
    faster = 1_000 * -(-len(zone.crush.times_ms) // FILM_FRAMES) // SHOWN_MS
    film = f"{name}: the same as a film, {faster} times as fast."
    yield Markup(FILM).format(film, _film(zone), film)
    course = inline(course_figure(zone.course, start_ms), f"{key}-course", f"{name} over time")
    yield _figure(course, f"{name}: who lies, forces, pressure and wall load over time.")
    if "solid" in zone.crush.layout and zone.course.wall_n_per_m.any():
        walls = inline(walls_figure(zone.crush, zone.course), f"{key}-walls", f"walls of {name}")
        yield _figure(walls, f"{name}: the greatest load on each piece of wall.")


def _frames(zone: Zone) -> list[int]:
    """Times at equal steps from a little before the first fall to the end of the pile."""
    times, lying = zone.crush.times_ms, np.flatnonzero(zone.course.lying)
    first, last = (max(lying[0] - 2, 0), lying[-1]) if len(lying) else (0, len(times) - 1)
    return [times[k] for k in np.unique(np.linspace(first, last, FRAMES).astype(int))]


def _film(zone: Zone) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.gif"
        write_gif(zone.crush, path, SHOWN_MS, FILM_FRAMES)
        return b64encode(path.read_bytes()).decode()


def _figure(svg: str, caption: str) -> Markup:
    return Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(Markup(svg), caption)
