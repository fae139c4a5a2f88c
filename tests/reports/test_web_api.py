"""The API: complete in its own description, clear in its refusals, closed to the outside."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from reports.runs import Runs
from reports.web import PAGE, create_app
from reports.web_control import ControlRefusal
from reports.web_models import Order, Scenario
from tests.reports import synthetic


class Client:
    """Speaks HTTP to an application in this process."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.send("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.send("POST", path, **more)

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
                return await http.request(method, path, **more)

        return asyncio.run(sent())


class Desk:
    """A control that notes what it is asked."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def scenarios(self) -> tuple[Scenario, ...]:
        return (Scenario(name="drill", site="primary-school", title="A drill."),)

    def start(self, order: Order) -> str:
        if order.scenario != "drill":
            raise ControlRefusal(f"There is no scenario {order.scenario!r}.", 404, "drill")
        self.orders.append(order)
        return "drill-1"

    def stop(self, run_id: str) -> None:
        raise ControlRefusal("This run was not started here, or it has ended.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    synthetic.write(folder / "fire-7")
    (folder / "broken").mkdir()
    (folder / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Client:
    return Client(create_app(Runs(folder, lambda: 2**45), Desk()))


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/openapi.json").json()
    return answer


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (path, item) for path, methods in document["paths"].items() for item in methods.values()
    ]


def test_every_route_is_described(document: dict[str, Any]) -> None:
    for path, item in operations(document):
        assert item["summary"], path
        assert item["description"], path
        assert item["tags"], path
        for parameter in item.get("parameters", ()):
            assert parameter["description"], (path, parameter["name"])
        for status, response in item["responses"].items():
            schema = next(iter(response["content"].values()))["schema"]
            assert schema, (path, status)
            assert response["description"] != "Successful Response", path


def test_every_refusal_has_the_one_shape(document: dict[str, Any]) -> None:
    for path, item in operations(document):
        for status, response in item["responses"].items():
            if status.startswith("4"):
                ref = response["content"]["application/json"]["schema"]["$ref"]
                assert ref.endswith("/Refusal"), (path, status)
        if "{run_id}" in path:
            assert "404" in item["responses"], path


def test_no_schema_is_open(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("additionalProperties") is False, name


@pytest.mark.parametrize("part", ["", "/plan", "/journeys", "/timeline", "/events"])
def test_every_part_of_a_run_is_served(client: Client, part: str) -> None:
    assert client.get(f"/api/runs/fire-7{part}").status_code == 200


def test_the_list_names_good_and_broken_runs(client: Client) -> None:
    runs = {run["id"]: run for run in client.get("/api/runs").json()["runs"]}
    assert runs["fire-7"]["status"] == "finished"
    assert runs["broken"]["status"] == "broken"
    assert "manifest.json" in runs["broken"]["reason"]


@pytest.mark.parametrize(
    "part", ["", "/plan", "/journeys", "/timeline", "/events", "/live", "/report"]
)
def test_an_unknown_run_is_404_with_the_nearest(client: Client, part: str) -> None:
    answer = client.get(f"/api/runs/fire-8{part}")
    assert answer.status_code == 404
    assert answer.json()["nearest"] == "fire-7"


@pytest.mark.parametrize(
    "path", ["..%2F..%2Fetc", "%2e%2e", "fire-7%2F..%2F..", "%00", "fire-7%5C.."]
)
def test_a_path_out_of_the_folder_is_refused(client: Client, path: str) -> None:
    answer = client.get(f"/api/runs/{path}/report")
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "nearest"}


def test_files_beside_the_page_are_not_served(client: Client) -> None:
    assert client.get("/static/..%2Fweb.py").status_code == 404
    assert client.get("/static/run.js").status_code == 200


@pytest.mark.parametrize(
    ("query", "word"),
    [("limit=0", "limit"), ("limit=x", "limit"), ("start=-1", "start"), ("group=smoke", "group"),
     ("text=" + "a" * 101, "text")],
)  # fmt: skip
def test_a_malformed_query_is_422_with_a_sentence(client: Client, query: str, word: str) -> None:
    answer = client.get(f"/api/runs/fire-7/events?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"].startswith(f"{word}: ")


def test_what_a_broken_run_lacks_is_409(client: Client) -> None:
    for part in ("plan", "journeys", "report"):
        answer = client.get(f"/api/runs/broken/{part}")
        assert answer.status_code == 409
        assert answer.json()["error"].endswith((".", "space."))


def test_events_are_filtered_and_paged(client: Client) -> None:
    first = client.get("/api/runs/fire-7/events?group=people&limit=50").json()
    rest = client.get("/api/runs/fire-7/events?group=people&start=50&limit=5000").json()
    assert first["next"] == 50
    assert rest["next"] is None
    assert len(first["events"]) + len(rest["events"]) == first["total"] == 120
    found = client.get("/api/runs/fire-7/events?text=FIRE STARTS").json()
    assert [event["t_ms"] for event in found["events"]] == [synthetic.IGNITION]


def test_a_finished_run_streams_a_snapshot_and_its_end(client: Client) -> None:
    text = client.get("/api/runs/fire-7/live").text
    pieces = re.findall(r"event: (\w+)\nid: (\S+)\n", text)
    assert [name for name, _ in pieces] == ["changes", "ended"]
    again = client.get("/api/runs/fire-7/live", headers={"Last-Event-ID": pieces[0][1]}).text
    assert '"events":[]' in again
    assert '"since":0,' not in again


def test_every_answer_forbids_what_is_outside(client: Client) -> None:
    for path in ("/", "/api", "/runs/fire-7", "/api/runs", "/static/run.js", "/nowhere"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'"), path
        assert headers["x-content-type-options"] == "nosniff"


def test_no_file_of_the_page_names_another_host() -> None:
    files = [path for path in PAGE.rglob("*") if path.suffix in (".html", ".js", ".css", ".svg")]
    assert len(files) > 10
    for path in files:
        hosts = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", path.read_text("utf-8"))
        assert [host for host in hosts if "www.w3.org" not in host] == [], path


def test_no_page_needs_inline_script_or_style() -> None:
    for path in PAGE.glob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text), path


def test_a_foreign_name_for_this_host_is_refused(client: Client) -> None:
    assert client.get("/api/runs", headers={"Host": "evil.example"}).status_code == 400


def test_pages_are_pages_and_the_api_is_json_even_when_refusing(client: Client) -> None:
    page = client.get("/runs/nope", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    answer = client.get("/api/runs/nope", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == "application/json"
    assert client.get("/api/nowhere").json()["error"] == "There is nothing at /api/nowhere."
    assert client.send("DELETE", "/api/runs").status_code == 405


def test_a_run_is_started_by_a_full_order_only(client: Client) -> None:
    order = {"scenario": "drill", "seed": 3, "rig": "memory", "pace": 10}
    assert client.post("/api/runs", json=order).json()["id"] == "drill-1"
    unknown = client.post("/api/runs", json={"scenario": "dril"})
    assert (unknown.status_code, unknown.json()["nearest"]) == (404, "drill")
    for bad in ({}, {"scenario": "drill", "sed": 1}, {"scenario": "drill", "seed": -1}):
        answer = client.post("/api/runs", json=bad)
        assert answer.status_code == 422
        assert answer.json()["error"].endswith(".")


def test_a_form_of_a_foreign_page_starts_nothing(client: Client) -> None:
    body = '{"scenario": "drill"}'
    answer = client.post("/api/runs", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422


def test_a_run_that_was_not_started_here_is_not_stopped(client: Client) -> None:
    assert client.post("/api/runs/fire-7/stop").status_code == 409


def test_without_a_control_the_server_only_reads(folder: Path) -> None:
    reading = Client(create_app(Runs(folder)))
    assert reading.get("/api/runs").json()["control"] is False
    assert reading.get("/api/scenarios").json() == {"scenarios": []}
    assert reading.post("/api/runs", json={"scenario": "drill"}).status_code == 403
