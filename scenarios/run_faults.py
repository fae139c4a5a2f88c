"""Faults of a run that another process plays: asked for here, handed on to the run's own server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from scenarios.injection import Injection

_PATIENCE_S = 3.0


def run_fault_routes(folder: Path, alive: Callable[[str], bool | None]) -> APIRouter:
    """Routes `/api/runs/<run>/faults` over runs that were started here in real time."""
    router = APIRouter(prefix="/api/runs/{run_id}", tags=["faults"])

    def forward(run_id: str, method: str, path: str, body: bytes | None = None) -> JSONResponse:
        note = folder / run_id / "control.json"
        if not alive(run_id) or not note.is_file():
            text = "Faults can be ordered only in a run that was started here and goes on."
            return JSONResponse({"error": text}, status_code=409)
        return _ask(json.loads(note.read_text())["url"] + path, method, body)

    @router.get("/faults", summary="Faults that stand in a run, and every fault there is")
    def list_faults(run_id: str) -> JSONResponse:
        return forward(run_id, "GET", "")

    @router.post("/faults", status_code=202, summary="Begin a fault in a run")
    def begin_fault(run_id: str, order: Injection) -> JSONResponse:
        item = order.model_dump(exclude_none=True)
        for key in ("delay", "lasts"):
            if key in item:
                item[key] = f"{item[key]} ms"
        return forward(run_id, "POST", "", json.dumps(item).encode())

    @router.delete("/faults/{device}/{fault}", summary="End a fault in a run")
    def end_fault(run_id: str, device: str, fault: str) -> JSONResponse:
        return forward(run_id, "DELETE", f"/{device}/{fault}")

    return router


def _ask(url: str, method: str, body: bytes | None) -> JSONResponse:
    request = Request(url, body, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=_PATIENCE_S) as answer:
            return JSONResponse(json.loads(answer.read()), status_code=answer.status)
    except HTTPError as error:
        document: Any = json.loads(error.read())
        return JSONResponse(document, status_code=error.code)
    except URLError as error:
        return JSONResponse({"error": f"The run does not answer: {error.reason}"}, 503)
