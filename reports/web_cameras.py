"""Live pictures of the cameras: still, stream (MJPEG over HTTP) and the clip before a moment.

One address per camera, as real ones have; `run` chooses a run, otherwise it is the newest one that
goes on, else the newest one that has pictures.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Annotated, Any, Literal
from zipfile import ZIP_STORED, ZipFile

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from controller.interface.clock import pause
from reports.picture import gif, jpeg
from reports.web_gallery import CameraRefusal, Gallery, Showing
from reports.web_models import Camera, Cameras
from reports.web_routes import INVALID, NOT_FOUND, UNREADABLE
from reports.web_run import RunProblem

FRAME_MS, GIF_MS = 200, 500
LONGEST_S = 60
_BOUNDARY = "picture"
_CATCH_UP = 5

CameraId = Annotated[str, Path(description="The id of a camera in points.yaml.", max_length=64)]
RunQuery = Annotated[
    str, Query(alias="run", description="Id of a run; empty: the one that goes on.", max_length=300)
]
Time = Annotated[
    int | None, Query(description="Time since run start, ms; the newest if left out.", ge=0)
]
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": _BYTES}}}
_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"multipart/x-mixed-replace": _BYTES}}}
_CLIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": _BYTES, "image/gif": _BYTES}}
}
_ASKED = NOT_FOUND | INVALID | UNREADABLE


def camera_routes(gallery: Gallery, closing: Callable[[], bool]) -> APIRouter:
    """The addresses of all cameras."""
    router = APIRouter(prefix="/cameras", tags=["cameras"])
    _add_list(router, gallery)
    _add_pictures(router, gallery, closing)
    _add_clip(router, gallery)
    return router


def _add_list(router: APIRouter, gallery: Gallery) -> None:
    @router.get(
        "", summary="List the cameras", response_description="The cameras.", responses=_ASKED
    )
    def list_cameras(run_id: RunQuery = "") -> Cameras:
        """The cameras of a run, with the addresses of their pictures."""
        run = gallery.run(run_id)
        found = gallery.footage(run)
        end = f"?run={run}"
        listed = [
            Camera(
                id=one.id,
                at=one.at,
                sees=one.sees,
                live=f"/cameras/{one.id}/live.mjpg{end}",
                still=f"/cameras/{one.id}/still.jpg{end}",
                clip=f"/cameras/{one.id}/clip{end}",
            )
            for one in found.cameras.values()
        ]
        return Cameras(run=run, until_ms=max(0, found.until_ms), cameras=tuple(listed))


def _add_pictures(router: APIRouter, gallery: Gallery, closing: Callable[[], bool]) -> None:
    @router.get(
        "/{camera}/still.jpg",
        summary="One picture",
        response_description="A JPEG.",
        response_class=Response,
        responses=_ASKED | _JPEG,
    )
    def still(camera: CameraId, run_id: RunQuery = "", t_ms: Time = None) -> Response:
        """What the camera shows, or showed at a time; `X-Time-Ms` is the time of the picture."""
        found = gallery.footage(gallery.run(run_id), camera)
        at = _time(found, t_ms)
        headers = {"X-Time-Ms": str(at), "Cache-Control": "no-store"}
        return Response(jpeg(found.picture(camera, at)), media_type="image/jpeg", headers=headers)

    @router.get(
        "/{camera}/live.mjpg",
        summary="The picture as it moves",
        response_description="A JPEG after the other.",
        response_class=StreamingResponse,
        responses=_ASKED | _STREAM,
    )
    async def live(
        camera: CameraId,
        run_id: RunQuery = "",
        t_ms: Time = None,
        speed: Annotated[float, Query(description="Playback: times real time.", gt=0, le=60)] = 1.0,
    ) -> StreamingResponse:
        """Five pictures a second until the run ends; each part has its time in `X-Time-Ms`.

        With `t_ms`, or for a run that is over, it is played back from there (else from its start).
        """
        run = await run_in_threadpool(gallery.run, run_id)
        found = await run_in_threadpool(gallery.footage, run, camera)
        over = not await run_in_threadpool(gallery.goes_on, run)
        begin = None if t_ms is None and not over else _time(found, t_ms or 0)
        return StreamingResponse(
            _moving(gallery, run, camera, begin, speed, closing),
            media_type=f"multipart/x-mixed-replace; boundary={_BOUNDARY}",
            headers={"Cache-Control": "no-store", "Content-Encoding": "identity"},
        )


def _add_clip(router: APIRouter, gallery: Gallery) -> None:
    @router.get(
        "/{camera}/clip",
        summary="The clip before a moment",
        response_description="A ZIP of JPEGs with times.json, or a GIF.",
        response_class=Response,
        responses=_ASKED | _CLIP,
    )
    def clip(
        camera: CameraId,
        run_id: RunQuery = "",
        t_ms: Time = None,
        before_s: Annotated[
            float, Query(description="Length in seconds.", gt=0, le=LONGEST_S)
        ] = 30.0,
        kind: Annotated[
            Literal["zip", "gif"], Query(alias="as", description="zip or gif.")
        ] = "zip",
    ) -> Response:
        """The pictures up to a moment (default: now), the pre-alarm clip of a recorder.

        The ZIP holds five JPEGs a second named by their time in ms; `times.json` lists them.
        """
        found = gallery.footage(gallery.run(run_id), camera)
        end = _time(found, t_ms)
        step = GIF_MS if kind == "gif" else FRAME_MS
        count = int(min(end, before_s * 1000) // step)
        times = [end - step * k for k in range(count, -1, -1)]
        pictures = [found.picture(camera, at) for at in times]
        name = f'attachment; filename="{camera}-{end}.{kind}"'
        headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
        if kind == "gif":
            return Response(gif(pictures, step), media_type="image/gif", headers=headers)
        packed = _packed(camera, times, [jpeg(one) for one in pictures])
        return Response(packed, media_type="application/zip", headers=headers)


def _packed(camera: str, times: list[int], pictures: list[bytes]) -> bytes:
    store = BytesIO()
    with ZipFile(store, "w", ZIP_STORED) as archive:
        for at, picture in zip(times, pictures, strict=True):
            archive.writestr(f"{at:08}.jpg", picture)
        archive.writestr("times.json", json.dumps({"camera": camera, "t_ms": times}))
    return store.getvalue()


def _time(found: Showing, t_ms: int | None) -> int:
    """A time that can be shown; refused if the run has not come so far."""
    if found.until_ms < 0:
        raise RunProblem("The run has just begun: there is no picture yet.")
    if t_ms is not None and t_ms > found.until_ms:
        text = f"t_ms: there are pictures up to {found.until_ms} ms, not of {t_ms} ms."
        raise CameraRefusal(text, 422)
    return found.until_ms if t_ms is None else t_ms


def _jpeg_at(found: Showing, camera: str, t_ms: int) -> bytes:
    return jpeg(found.picture(camera, t_ms))


async def _moving(
    gallery: Gallery,
    run: str,
    camera: str,
    begin: int | None,
    speed: float,
    closing: Callable[[], bool],
) -> AsyncIterator[bytes]:
    """The parts of a stream; a live one keeps up with the run, however fast that goes."""
    found = await run_in_threadpool(gallery.footage, run, camera)
    at = max(0, found.until_ms if begin is None else begin)
    while not closing():
        picture = await run_in_threadpool(_jpeg_at, found, camera, at)
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n"
        yield f"{head}X-Time-Ms: {at}\r\n\r\n".encode() + picture + b"\r\n"
        await pause(FRAME_MS / 1000)
        found = await run_in_threadpool(gallery.footage, run, camera)
        newest = found.until_ms
        if at >= newest and not await run_in_threadpool(gallery.goes_on, run):
            break
        behind = 0 if begin is not None else (newest - at) // _CATCH_UP
        at = min(newest, at + max(round(FRAME_MS * speed), behind))
    yield f"--{_BOUNDARY}--\r\n".encode()
