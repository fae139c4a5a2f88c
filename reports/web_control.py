"""Starting and stopping runs: what the page needs, and the routes over it."""

from __future__ import annotations

from typing import Any, Protocol

from fastapi import APIRouter

from reports.web_models import Order, Refusal, Scenario, Scenarios, Started
from reports.web_routes import INVALID, NOT_FOUND, RunId

_REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"model": Refusal, "description": "This server only reads."},
    409: {"model": Refusal, "description": "It cannot be done now."},
}


class ControlRefusal(Exception):  # noqa: N818 - a refusal is an answer
    """A start or stop that is refused: one sentence, the HTTP status, the nearest valid name."""

    def __init__(self, text: str, status: int = 409, close: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.nearest = close


class Control(Protocol):
    """Starts and stops runs that write into the folder which is shown."""

    def scenarios(self) -> tuple[Scenario, ...]:
        """What can be started."""
        ...

    def start(self, order: Order) -> str:
        """Start a scenario; the id of its run. ControlRefusal if that cannot be done."""
        ...

    def stop(self, run_id: str) -> None:
        """Ask a run that was started here to end. ControlRefusal if it was not."""
        ...


def control_routes(control: Control | None) -> APIRouter:
    """Routes that change something; without a control they refuse with 403."""
    router = APIRouter(prefix="/api", tags=["control"])

    @router.get(
        "/scenarios", summary="List the scenarios", response_description="What can be started."
    )
    def list_scenarios() -> Scenarios:
        """What this server can start; empty if it only reads."""
        return Scenarios(scenarios=control.scenarios() if control else ())

    @router.post(
        "/runs",
        status_code=202,
        summary="Start a run",
        response_description="It was started.",
        responses=_REFUSED
        | INVALID
        | {404: {"model": Refusal, "description": "No such scenario; `nearest` may help."}},
    )
    def start_run(order: Order) -> Started:
        """Start a scenario in a process of its own; it appears in the list at once."""
        run_id = _required(control).start(order)
        return Started(id=run_id, text=f"{order.scenario} was started.")

    @router.post(
        "/runs/{run_id}/stop",
        summary="Stop a run",
        response_description="It was asked to stop.",
        responses=_REFUSED | NOT_FOUND | INVALID,
    )
    def stop_run(run_id: RunId) -> Started:
        """Ask a run that this server started to end; its journals stay readable."""
        _required(control).stop(run_id)
        return Started(id=run_id, text="The run was asked to stop.")

    return router


def _required(control: Control | None) -> Control:
    if control is None:
        raise ControlRefusal("This server only shows runs; it starts none.", 403)
    return control
