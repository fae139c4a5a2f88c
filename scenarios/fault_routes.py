"""Faults and presses over HTTP: what stands, what is possible, begin, end, press."""

from __future__ import annotations

from typing import Any, Protocol

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from scenarios.injection import Injection


class Press(BaseModel):
    """What is pressed: a call point, a button, an exit button; a tag or a card is shown."""

    model_config = ConfigDict(extra="forbid")

    device: str


class Board(Protocol):
    """Takes orders for faults and presses; ValueError says why one is refused."""

    def begin(self, order: Injection) -> None:
        """Begin a fault."""
        ...

    def end(self, target: str, fault: str) -> None:
        """End a fault."""
        ...

    def press(self, device: str) -> None:
        """Press something."""
        ...

    def document(self) -> dict[str, Any]:
        """What stands, and the vocabulary."""
        ...

    def possible(self, target: str) -> dict[str, Any]:
        """What a target can have."""
        ...


def fault_routes(board: Board, prefix: str = "") -> APIRouter:
    """Routes over one board: GET, POST and DELETE under `<prefix>/faults`, POST under `presses`."""
    router = APIRouter(prefix=prefix, tags=["faults"])

    @router.get("/faults", summary="Faults that stand, and every fault there is")
    def list_faults() -> dict[str, Any]:
        return board.document()

    @router.get("/faults/{device}", summary="The faults that a device or gateway can have")
    def list_possible(device: str) -> JSONResponse:
        return _answered(lambda: board.possible(device), 200, 404)

    @router.post("/faults", status_code=202, summary="Begin a fault at the next slice")
    def begin_fault(order: Injection) -> JSONResponse:
        def begin() -> dict[str, Any]:
            board.begin(order)
            return {"device": order.device, "fault": order.fault}

        return _answered(begin, 202, 422)

    @router.delete("/faults/{device}/{fault}", summary="End a fault at the next slice")
    def end_fault(device: str, fault: str) -> JSONResponse:
        def end() -> dict[str, Any]:
            board.end(device, fault)
            return {"device": device, "fault": fault}

        return _answered(end, 202, 404)

    @router.post("/presses", status_code=202, summary="Press something at the next slice")
    def press(order: Press) -> JSONResponse:
        def act() -> dict[str, Any]:
            board.press(order.device)
            return {"device": order.device}

        return _answered(act, 202, 422)

    return router


def _answered(act: Any, good: int, bad: int) -> JSONResponse:
    try:
        return JSONResponse(act(), status_code=good)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=bad)
