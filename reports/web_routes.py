"""API routes that read runs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse

from reports import web_models as models
from reports.runs import Runs
from reports.web_policy import REPORT_POLICY
from reports.web_run import RunProblem

RunId = Annotated[
    str,
    Path(description="The id of a run, from /api/runs.", examples=["school-stair-fire-7"]),
]
After = Annotated[
    str,
    Query(description="Token of an earlier answer; empty: since the start.", max_length=64),
]
Group = Literal[
    "hazard", "detection", "decision", "devices", "doors", "voice", "people", "faults", "bus"
]
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": models.Refusal, "description": "No such run; `nearest` may help."}
}
INVALID: dict[int | str, dict[str, Any]] = {
    422: {"model": models.Refusal, "description": "A parameter is not what it should be."}
}
UNREADABLE: dict[int | str, dict[str, Any]] = {
    409: {"model": models.Refusal, "description": "This part of the run is not there or broken."}
}


def run_routes(runs: Runs, controlled: bool, site: str) -> APIRouter:
    """All reading routes over one folder of runs."""
    router = APIRouter(prefix="/api/runs", tags=["runs"])
    _add_overview(router, runs, controlled, site)
    _add_building(router, runs)
    _add_happenings(router, runs)
    _add_report(router, runs)
    return router


def _add_overview(router: APIRouter, runs: Runs, controlled: bool, site: str) -> None:
    @router.get("", summary="List the runs", response_description="The runs, newest first.")
    def list_runs() -> models.Runs:
        """All runs in the folder, the newest first; broken ones say why."""
        return models.Runs(
            folder=str(runs.folder), runs=tuple(runs.list()), control=controlled, site=site
        )

    @router.get(
        "/{run_id}",
        summary="Read one run",
        response_description="The run.",
        responses=NOT_FOUND | INVALID,
    )
    def read_run(run_id: RunId) -> models.RunDetail:
        """The run with its verdict, expectations and seconds ledger."""
        return runs.open(run_id).detail()


def _add_building(router: APIRouter, runs: Runs) -> None:
    @router.get(
        "/{run_id}/plan",
        summary="Read the plan",
        response_description="The plan.",
        responses=NOT_FOUND | INVALID | UNREADABLE,
    )
    def read_plan(run_id: RunId) -> models.Plan:
        """Storeys, spaces, portals and devices of the site as it was in this run."""
        return runs.open(run_id).plan()

    @router.get(
        "/{run_id}/journeys",
        summary="Read journeys",
        response_description="Everybody's way.",
        responses=NOT_FOUND | INVALID | UNREADABLE,
    )
    def read_journeys(run_id: RunId) -> models.Journeys:
        """Who was where in which state; only after the run has ended."""
        return runs.open(run_id).journeys()


def _add_happenings(router: APIRouter, runs: Runs) -> None:
    @router.get(
        "/{run_id}/timeline",
        summary="Read the timeline",
        response_description="What changed.",
        responses=NOT_FOUND | INVALID,
    )
    def read_timeline(run_id: RunId, after: After = "") -> models.Changes:
        """States of doors, devices, smoke and people over time, and all events."""
        return runs.open(run_id).changes(after)

    @router.get(
        "/{run_id}/events",
        summary="Search events",
        response_description="One page of events.",
        responses=NOT_FOUND | INVALID,
    )
    def read_events(
        run_id: RunId,
        group: Annotated[Group | None, Query(description="Only this group.")] = None,
        entity: Annotated[str, Query(description="Only this entity.", max_length=100)] = "",
        text: Annotated[str, Query(description="Words to find, any case.", max_length=100)] = "",
        start: Annotated[int, Query(ge=0, description="How many to skip.")] = 0,
        limit: Annotated[int, Query(ge=1, le=5_000, description="How many at most.")] = 500,
    ) -> models.Events:
        """Both journals merged in order of time, as sentences, page by page."""
        wanted = text.casefold()
        found = [
            event
            for event in runs.open(run_id).changes().events
            if (group is None or event.group == group)
            and (not entity or event.entity == entity)
            and wanted in event.text.casefold()
        ]
        more = start + limit < len(found)
        return models.Events(
            events=tuple(found[start : start + limit]),
            total=len(found),
            next=start + limit if more else None,
        )


def _add_report(router: APIRouter, runs: Runs) -> None:
    @router.get(
        "/{run_id}/report",
        summary="Read the report",
        response_description="The document.",
        response_class=FileResponse,
        responses=NOT_FOUND
        | INVALID
        | UNREADABLE
        | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
    )
    def read_report(run_id: RunId) -> FileResponse:
        """The self-contained report.html of the run."""
        path = runs.open(run_id).folder / "report.html"
        if not path.is_file():
            raise RunProblem("This run has no report.html; it is written when a run ends.")
        return FileResponse(
            path, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY}
        )
