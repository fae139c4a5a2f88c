"""A small HTTP server beside a run or a bench of devices, on loopback, in a thread of its own."""

from __future__ import annotations

import socket
from threading import Thread

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from reports.web import add_refusals
from reports.web_cameras import camera_routes
from reports.web_gallery import Gallery
from scenarios.fault_routes import Board, fault_routes

_GOODBYE_S = 2
"""How long somebody who looks on may take to notice the end."""

LEAST_PORT = 1024


class ControlServer:
    """Serves faults and pictures at `url` until it is closed.

    `board` takes orders for faults, `gallery` has the pictures of cameras; either may be missing.
    Only names of this machine's loopback are answered, so that no page from elsewhere reaches it.
    """

    def __init__(self, board: Board | None, port: int, gallery: Gallery | None = None) -> None:
        if 0 < port < LEAST_PORT:
            raise ValueError(f"--control {port}: choose {LEAST_PORT} to 65535, or 0 for any")
        app = FastAPI(title="campus-twin devices", docs_url=None, redoc_url=None)
        if board is not None:
            app.include_router(fault_routes(board))
        if gallery is not None:
            app.include_router(camera_routes(gallery, lambda: self._server.should_exit))
        add_refusals(app)
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
            self._socket.listen()
        except OSError as error:
            self._socket.close()
            raise ValueError(f"--control {port}: {error.strerror}") from None
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=2)
        )
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()
