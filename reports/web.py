"""The web application: the page, and the API that it is built on.

Everything comes from this machine: one Content-Security-Policy forbids anything else. The API is
described at /openapi.json and shown by our own page at /api.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from reports.runs import Runs, UnknownRun
from reports.web_cameras import camera_routes
from reports.web_control import Control, ControlRefusal, control_routes
from reports.web_gallery import CameraRefusal, RunGallery
from reports.web_live import live_routes
from reports.web_models import Refusal
from reports.web_policy import Policy
from reports.web_routes import run_routes
from reports.web_run import RunProblem

PAGE = Path(__file__).parent / "page"
_ABOUT = (
    "Runs of the campus twin: found in a folder, read from their journals, played back and "
    "followed live. Times are integer milliseconds since run start. Every refusal is a JSON "
    "object with one sentence in `error` and, where there is one, the `nearest` valid name."
)
_TAGS = [
    {"name": "runs", "description": "Runs found in the folder and what happened in them."},
    {"name": "live", "description": "A run that is still going on."},
    {"name": "cameras", "description": "What the cameras of a run show."},
    {"name": "control", "description": "Starting and stopping runs."},
    {"name": "faults", "description": "Faults of devices, while a run goes on."},
]


def create_app(
    runs: Runs,
    control: Control | None = None,
    *,
    site: str = "",
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]"),
    closing: Callable[[], bool] = lambda: False,
) -> FastAPI:
    """Build the application over the runs of a folder.

    Without `control` it only reads. `site` is the site the page starts with, `hosts` are the
    names it answers to (any other Host header is refused, so that no foreign page can reach it
    through a name of its own), `closing` ends live streams when it turns true.
    """
    app = FastAPI(
        title="campus-twin",
        version="1",
        description=_ABOUT,
        openapi_tags=_TAGS,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.include_router(run_routes(runs, control is not None, site))
    app.include_router(live_routes(runs, closing))
    app.include_router(control_routes(control))
    app.include_router(camera_routes(RunGallery(runs), closing))
    _add_pages(app, runs)
    add_refusals(app)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(Policy)
    return app


def _add_pages(app: FastAPI, runs: Runs) -> None:
    app.mount("/static", StaticFiles(directory=PAGE), name="static")

    @app.get("/", include_in_schema=False)
    def list_page() -> Response:
        return _page("index.html")

    @app.get("/api", include_in_schema=False)
    def api_page() -> Response:
        return _page("api.html")

    @app.get("/runs/{run_id}", include_in_schema=False)
    def run_page(run_id: str) -> Response:
        runs.open(run_id)
        return _page("run.html")


def _page(name: str, status: int = 200) -> FileResponse:
    return FileResponse(PAGE / name, status_code=status, media_type="text/html; charset=utf-8")


def add_refusals(app: FastAPI) -> None:
    """Let an application answer refusals with one sentence each."""

    @app.exception_handler(UnknownRun)
    def unknown(request: Request, error: UnknownRun) -> Response:
        return _refuse(request, 404, str(error.args[0]), error.nearest)

    @app.exception_handler(RunProblem)
    def problem(request: Request, error: RunProblem) -> Response:
        return _refuse(request, 409, str(error))

    @app.exception_handler(ControlRefusal)
    def control_refusal(request: Request, error: ControlRefusal) -> Response:
        return _refuse(request, error.status, str(error), error.nearest)

    @app.exception_handler(CameraRefusal)
    def camera_refusal(request: Request, error: CameraRefusal) -> Response:
        return _refuse(request, error.status, str(error), error.nearest)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return _refuse(request, 422, _sentence(error))

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        text = f"There is nothing at {request.url.path}." if error.status_code == 404 else ""
        response = _refuse(request, error.status_code, text or f"{error.detail}.")
        response.headers.update(error.headers or {})
        return response


def _refuse(request: Request, status: int, text: str, close: str = "") -> Response:
    """A refusal as a page for people who typed an address, else as JSON."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if wants_page and not request.url.path.startswith("/api/"):
        return _page("missing.html", status)
    return JSONResponse(Refusal(error=text, nearest=close).model_dump(), status_code=status)


def _sentence(error: RequestValidationError) -> str:
    parts = []
    for item in error.errors():
        where = ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0])
        given = item.get("input")
        shown = f" (got {given!r})" if isinstance(given, str | int | float) else ""
        parts.append(f"{where}: {item['msg'][:1].lower()}{item['msg'][1:]}{shown}")
    return "; ".join(parts) + "."
