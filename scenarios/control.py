"""A small HTTP server beside a run or a bench of devices, on loopback, in a thread of its own."""

from __future__ import annotations

import socket
from threading import Thread

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from scenarios.fault_routes import Board, fault_routes


class ControlServer:
    """Serves the faults of one board at `url` until it is closed.

    Only names of this machine's loopback are answered, so that no page from elsewhere reaches it.
    """

    def __init__(self, board: Board, port: int) -> None:
        app = FastAPI(title="campus-twin faults", docs_url=None, redoc_url=None)
        app.include_router(fault_routes(board))
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
            self._socket.listen()
        except OSError as error:
            self._socket.close()
            raise ValueError(f"--control {port}: {error.strerror}") from None
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/faults"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        self._thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()
