"""What a planner sees and does in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import drill
from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser
SCHOOL = ROOT / "scenarios" / "sites" / "primary-school"


@pytest.fixture(scope="module")
def fire(runs_folder: Path) -> drill.Drill:
    made = drill.make(SCHOOL, per_room=8)
    drill.write(made, runs_folder / "stair-fire-7")
    return made


def opened(page: Page, address: str, run: str) -> Page:
    page.goto(f"{address}/runs/{run}")
    page.wait_for_selector("body[data-ready=yes]")
    return page


def shown(page: Page, state: str) -> int:
    return int(page.locator(f".count.{state} b").inner_text())


def seek(page: Page, t_ms: int) -> None:
    reached = page.evaluate("t => { page.transport.seek(t); return page.transport.t; }", t_ms)
    page.wait_for_function("t => page.shown === t", arg=reached)


def test_the_list_leads_to_the_run(page: Page, address: str, fire: drill.Drill) -> None:
    page.goto(address)
    row = page.locator("tr[data-run=stair-fire-7]")
    expect(row.locator(".badge")).to_contain_text("Pass")
    row.get_by_role("link").click()
    page.wait_for_selector("body[data-ready=yes]")
    expect(page.locator("h1")).to_have_text("stair-fire")
    expect(page.locator("#verdict li")).to_have_count(3)


def test_counters_agree_with_the_journeys(page: Page, address: str, fire: drill.Drill) -> None:
    opened(page, address, "stair-fire-7")
    for t in (0, 60_000, 90_000, 120_000, fire.end):
        seek(page, t)
        out = sum(left <= t for left in fire.outs.values())
        assert shown(page, "out") == out
        assert shown(page, "inside") == len(fire.outs) - out
        parts = [shown(page, state) for state in ("unaware", "premove", "walk", "queue")]
        assert sum(parts) == len(fire.outs) - out


def test_everybody_inside_stands_in_the_space_the_journey_names(
    page: Page, address: str, fire: drill.Drill
) -> None:
    opened(page, address, "stair-fire-7")
    seek(page, 70_000)
    far: list[Any] = page.evaluate(
        """() => { const w = page.people, found = [];
        for (let i = 0; i < w.n; i++) {
          const space = w.spaces[w.j.space[w.cursor[i]]];
          if (w.state[i] > 3 || !space?.drawn) continue;
          const [x0, y0, x1, y1] = space.box;
          if (w.x[i] < x0 - 1 || w.x[i] > x1 + 1 || w.y[i] < y0 - 1 || w.y[i] > y1 + 1)
            found.push([w.j.people[i], space.id, w.x[i], w.y[i]]);
        } return found; }"""
    )
    assert far == []


def test_playing_moves_time_and_people(page: Page, address: str, fire: drill.Drill) -> None:
    opened(page, address, "stair-fire-7")
    seek(page, 60_000)
    page.select_option("#speed", "60")
    page.keyboard.press("Space")
    page.wait_for_function("() => page.transport.t > 75000")
    page.keyboard.press("Space")
    assert page.evaluate("page.transport.playing") is False
    page.keyboard.press("Home")
    assert page.locator("#clock").inner_text().startswith("0:00.0")


def test_an_event_jumps_to_its_moment(page: Page, address: str, fire: drill.Drill) -> None:
    opened(page, address, "stair-fire-7")
    page.fill("#find", "fire starts")
    page.locator("#rows .event").first.click()
    page.wait_for_function("t => page.transport.t === t", arg=drill.IGNITION)
    page.fill("#find", "nothing of the kind")
    expect(page.locator("#rows")).to_contain_text("No event matches")


def test_one_storey_and_layers(page: Page, address: str, fire: drill.Drill) -> None:
    opened(page, address, "stair-fire-7")
    page.click("#storeys button:nth-child(3)")
    assert page.evaluate("[...page.view.frames.keys()]") == [1]
    page.keyboard.press("0")
    assert page.evaluate("page.view.frames.size") == 4
    page.click("#layers [data-layer=people]")
    expect(page.locator("#layers [data-layer=people]")).to_have_attribute("aria-pressed", "false")


def test_dark_is_remembered(page: Page, address: str, fire: drill.Drill) -> None:
    opened(page, address, "stair-fire-7")
    before = page.evaluate("document.documentElement.dataset.theme")
    page.click("#theme")
    page.reload()
    page.wait_for_selector("body[data-ready=yes]")
    assert page.evaluate("document.documentElement.dataset.theme") != before


def test_the_same_page_follows_a_run_that_goes_on(
    page: Page, address: str, runs_folder: Path, fire: drill.Drill
) -> None:
    folder = runs_folder / "going-on"
    drill.write(fire, folder, until=30_000)
    opened(page, address, "going-on")
    expect(page.locator("#badges")).to_contain_text("Running")
    page.wait_for_function("() => page.store.until === 30000")
    assert shown(page, "out") == 0
    drill.write(fire, folder, until=100_000)
    page.wait_for_function("() => page.store.until > 99000 && page.shown === page.store.until")
    assert shown(page, "out") == sum(left <= 100_000 for left in fire.outs.values())
    drill.write(fire, folder)
    expect(page.locator("#badges")).to_contain_text("Pass", timeout=30_000)
    page.wait_for_function("() => page.people.constructor.name === 'Walkers'")


def test_a_wrong_address_names_the_nearest_run(page: Page, address: str, fire: drill.Drill) -> None:
    answer = page.goto(f"{address}/runs/stair-fir-7")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("#hint")).to_contain_text("stair-fire-7")


def test_the_api_page_lists_every_route(page: Page, address: str) -> None:
    page.goto(f"{address}/api")
    page.wait_for_selector("body[data-ready=yes]")
    routes = page.evaluate(
        "fetch('/openapi.json').then((a) => a.json()).then((d) =>"
        " Object.values(d.paths).flatMap(Object.keys).length)"
    )
    expect(page.locator("details.route")).to_have_count(routes)


def test_markup_in_a_file_is_text_on_the_page(
    page: Page, address: str, runs_folder: Path, fire: drill.Drill
) -> None:
    folder = drill.write(fire, runs_folder / "odd")
    floor = (folder / "site" / "floor.yaml").read_text(encoding="utf-8")
    odd = floor.replace("Class 1-1", "<img src=x onerror=alert(1)> 一年级 ①")
    (folder / "site" / "floor.yaml").write_text(odd, encoding="utf-8")
    opened(page, address, "odd")
    page.fill("#find", "<img")
    expect(page.locator("#rows")).to_contain_text("一年级 ①")
    assert page.locator("#rows img").count() == 0
