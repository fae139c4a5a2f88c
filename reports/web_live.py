"""A run that goes on, as server-sent events: one snapshot, then only what is new."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from controller.interface.clock import pause
from reports.runs import Runs
from reports.web_models import Changes
from reports.web_routes import INVALID, NOT_FOUND, After, RunId
from reports.web_run import Run

_LOOK_S = 0.25
_QUIET_LOOKS = 40


def live_routes(runs: Runs, closing: Callable[[], bool]) -> APIRouter:
    """The stream of one run; it ends when the run ends or the server closes."""
    router = APIRouter(prefix="/api/runs", tags=["live"])

    @router.get(
        "/{run_id}/live",
        summary="Follow a run",
        response_description="The stream.",
        response_class=StreamingResponse,
        responses=NOT_FOUND
        | INVALID
        | {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def follow(
        run_id: RunId,
        after: After = "",
        last_event_id: Annotated[
            str, Header(description="Token of the last piece, sent by browsers on reconnecting.")
        ] = "",
    ) -> StreamingResponse:
        """Server-sent events `changes` (the Changes of /timeline) and, last of all, `ended`.

        Each carries its token as `id`, so a client that lost the line goes on where it was.
        A piece whose `since` is 0 is a whole snapshot and replaces what the client has.
        """
        run = await run_in_threadpool(runs.open, run_id)
        return StreamingResponse(
            stream(run, last_event_id or after, closing),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    return router


async def stream(run: Run, after: str, closing: Callable[[], bool]) -> AsyncIterator[str]:
    """The text of the stream, piece by piece; a comment now and then keeps the line alive."""
    token, looks, first = after, 0, True
    while not closing():
        piece = await run_in_threadpool(run.changes, token)
        if first or piece.token != token:
            yield _message("changes", piece)
            token, looks, first = piece.token, 0, False
        elif piece.status != "running":
            yield _message("ended", piece)
            return
        looks += 1
        if looks % _QUIET_LOOKS == 0:
            yield ": still here\n\n"
        await pause(_LOOK_S)


def _message(event: str, piece: Changes) -> str:
    return f"event: {event}\nid: {piece.token}\ndata: {piece.model_dump_json()}\n\n"
