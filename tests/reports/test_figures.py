"""Figures can be read: units on every axis, no text over other text, no boxes for characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from reports import figures, palette, plan, swimlanes, tables, timeline
from reports.building import Building
from reports.density import crowding, series
from reports.dossier import Dossier
from reports.ledger import ledger
from reports.svg import inline
from tests.reports.leaving import IGNITION

Draw = Callable[[Dossier], Figure]


def egress(dossier: Dossier) -> Figure:
    limits = [("E3", IGNITION + 180_000), ("E4", IGNITION + 120_000)]
    return figures.egress_curve(tables.egress(dossier), 120, IGNITION, limits)


def flows(dossier: Dossier) -> Figure:
    return figures.exit_flows(tables.exits(dossier), IGNITION, {})


def seconds(dossier: Dossier) -> Figure:
    book = ledger(dossier)
    assert book.last is not None
    return figures.ledger_bars({"mean of all": book.mean_s(), "last": book.last.seconds()})


def densities(dossier: Dossier) -> Figure:
    spaces = ("a.st1.f1-f2", "a.st2.f1-f2", "a.f1.c1")
    journeys, building = dossier.journeys, dossier.building
    curves = {building.name_of(space): series(journeys, building, space) for space in spaces}
    return figures.density_curves(curves, IGNITION)


def lanes(dossier: Dossier) -> Figure:
    return swimlanes.swim_lanes(timeline.lane_rows(dossier), IGNITION)


def storey(dossier: Dossier) -> Figure:
    crowds = crowding(dossier.journeys, dossier.building)
    maps = [("at the worst moment", crowds.at_worst), ("highest", crowds.highest)]
    return plan.storey_maps(dossier.building, "a1", maps)


def boxes(figure: Figure) -> Iterator[tuple[str, Bbox]]:
    """What is really drawn: ticks beyond the end of an axis are not."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    drawn: list[str] = []
    renderer.draw_text = lambda gc, x, y, s, *rest, **more: drawn.append(s)
    figure.draw(renderer)
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_text() in drawn:
            yield text.get_text(), text.get_window_extent(renderer)


@pytest.mark.parametrize("draw", [egress, flows, seconds, densities, lanes, storey])
def test_no_text_lies_over_other_text(draw: Draw, dossier: Dossier) -> None:
    found = list(boxes(draw(dossier)))
    assert found
    for (one, a), (other, b) in combinations(found, 2):
        shared = Bbox.intersection(a, b)
        assert shared is None or min(shared.width, shared.height) < 1.5, (one, other)


@pytest.mark.parametrize("draw", [egress, flows, seconds, densities, lanes])
def test_time_axes_carry_their_unit(draw: Draw, dossier: Dossier) -> None:
    figure = draw(dossier)
    labels = [axes.get_xlabel() for axes in figure.axes] + [figure.get_supxlabel()]
    assert any(re.search(r"\(s\)|seconds", label) for label in labels)


@pytest.mark.parametrize("draw", [egress, flows, seconds, densities, lanes, storey])
def test_no_text_is_cut_off_at_the_edge(draw: Draw, dossier: Dossier) -> None:
    figure = draw(dossier)
    for text, box in boxes(figure):
        assert box.x0 > -1 and box.y0 > -1, text  # noqa: PT018 - one fact: inside the sheet
        assert box.x1 < figure.bbox.x1 + 1, text
        assert box.y1 < figure.bbox.y1 + 1, text


def test_names_that_no_font_can_draw_give_way_to_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    latin = frozenset(range(32, 127))
    monkeypatch.setattr(palette, "_drawable", lambda: latin)
    assert palette.legible("教室 3-1", "a.f3.r1") == "a.f3.r1"
    assert palette.legible("Class 3-1", "a.f3.r1") == "Class 3-1"


def test_entries_and_densities_differ_without_colour() -> None:
    patterns = [hatch for _, hatch in palette.ENTRY_STYLE.values()]
    plain = [fill for fill, hatch in palette.ENTRY_STYLE.values() if not hatch]
    assert len(set(patterns)) == len(patterns) - len(plain) + 1
    light = [brightness(fill) for fill in plain]
    assert all(abs(a - b) > 0.15 for a, b in combinations(light, 2))
    shades = [brightness(shade) for shade in palette.density_shades()]
    assert all(a - b > 0.05 for a, b in pairwise(shades))


def brightness(colour: str) -> float:
    """Relative luminance as a grey print shows it (Rec. 709 weights)."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_straight_wall_needs_two_corners() -> None:
    wavy = [(0.0, 0.0), (5.0, 0.01), (10.0, 0.0), (10.0, 4.0), (0.0, 4.0), (0.0, 2.0)]
    assert plan.simplified(wavy) == [(0.0, 0.0), (10.0, 0.0), (10.0, 4.0), (0.0, 4.0)]


def test_blocks_where_nobody_was_are_not_drawn() -> None:
    def room(name: str, x: float) -> dict[str, object]:
        outline = [[x, 0], [x + 5, 0], [x + 5, 5], [x, 5]]
        return {"id": name, "kind": "room", "storey": "s", "area_m2": 25, "outline": outline}

    raw = {"storeys": [{"id": "s"}], "spaces": [room("a", 0), room("b", 5.2), room("far", 40)]}
    building = Building.from_mapping(raw)
    near = plan.storey_maps(building, "s", [("now", {"a": 0.5})])
    everything = plan.storey_maps(building, "s", [("now", {"a": 0.5, "far": 0.1})])
    assert near.axes[0].get_xlim()[1] < 15
    assert everything.axes[0].get_xlim()[1] > 40


def test_two_pictures_on_one_page_share_no_ids(dossier: Dossier) -> None:
    a, b = (inline(lanes(dossier), name, "timeline") for name in ("one", "two"))
    ids_a, ids_b = (set(re.findall(r'\bid="([^"]+)"', text)) for text in (a, b))
    assert ids_a
    assert not ids_a & ids_b
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', a))
    assert used <= ids_a
