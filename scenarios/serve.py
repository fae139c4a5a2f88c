"""`twin serve`: the page over a folder of runs, and the starting of runs from it."""

from __future__ import annotations

import ipaddress
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Lock
from types import FrameType
from typing import NoReturn

import uvicorn

from controller.interface.files import BadFile, load, nearest
from reports.runs import Runs
from reports.web import create_app
from reports.web_control import ControlRefusal
from reports.web_models import Order
from reports.web_models import Scenario as Offer
from reports.web_run import order_log
from scenarios.catalog import find_scenario, find_site, scenario_names
from scenarios.run_faults import run_fault_routes
from scenarios.schema import Scenario

_AT_ONCE = 2
_PATIENCE_S = 5.0


class Starter:
    """Starts `twin run` in processes of their own that write into one folder (a `Control`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._offers: tuple[Offer, ...] | None = None

    def scenarios(self) -> tuple[Offer, ...]:
        """The shipped scenarios that can be read."""
        if self._offers is None:
            found = (_offer(name) for name in scenario_names())
            self._offers = tuple(item for item in found if item is not None)
        return self._offers

    def start(self, order: Order) -> str:
        """Start a scenario; the id of the run's folder, which exists when this returns."""
        names = [item.name for item in self.scenarios()]
        if order.scenario not in names:
            text = f"There is no scenario {order.scenario!r}."
            raise ControlRefusal(text, 404, nearest(order.scenario, names))
        with self._lock:
            if len(self._alive()) >= _AT_ONCE:
                raise ControlRefusal(f"{_AT_ONCE} runs are going on already; stop one first.")
            run_id = self._unused(f"{order.scenario}-{order.seed}")
            self._running[run_id] = self._launch(run_id, order)
        return run_id

    def stop(self, run_id: str) -> None:
        """Ask a run to end; ControlRefusal if this server did not start it or it has ended."""
        with self._lock:
            process = self._alive().get(run_id)
        if process is None:
            raise ControlRefusal("This run was not started here, or it has ended.")
        process.terminate()

    def alive(self, run_id: str) -> bool | None:
        """True while a run started here goes on, False once it ended, None for any other."""
        process = self._running.get(run_id)
        return None if process is None else process.poll() is None

    def close(self) -> None:
        """End every run that still goes on; none is left behind."""
        for process in self._alive().values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _alive(self) -> dict[str, subprocess.Popen[bytes]]:
        return {name: item for name, item in self._running.items() if item.poll() is None}

    def _unused(self, stem: str) -> str:
        name, number = stem, 1
        while (self._folder / name).exists() or name in self._running:
            number += 1
            name = f"{stem}-{number}"
        return name

    def _launch(self, run_id: str, order: Order) -> subprocess.Popen[bytes]:
        out = self._folder / run_id
        out.mkdir(parents=True)
        order_log(out).parent.mkdir(exist_ok=True)
        with order_log(out).open("wb") as log:
            return subprocess.Popen(
                command(order, out),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def command(order: Order, out: Path) -> list[str]:
    """The command line of one run."""
    paced = ["--pace", f"{order.pace:g}", "--control", "0"] if order.pace > 0 else []
    seed = ["--seed", str(order.seed)]
    start = [sys.executable, "-m", "scenarios.cli", "run", order.scenario]
    return [*start, "--rig", order.rig, *seed, *paced, "--film", "--out", str(out), "--json"]


def serve(
    folder: Path,
    site: str | None,
    host: str,
    port: int,
    *,
    open_to_network: bool = False,
    as_json: bool = False,
) -> None:
    """Serve the page until interrupted; the first line printed is its address.

    Anyone who reaches the address may start runs, so a host that is not this machine's loopback
    is refused unless `open_to_network`. Ends with exit code 2 and one sentence if the host, the
    port or the site cannot be used.
    """
    if not open_to_network and not _is_loopback(host):
        _refuse(
            f"{host} is reachable from other machines and the page has no log-in: use 127.0.0.1"
        )
    chosen = _site_name(site)
    listening = _listen(host, port)
    folder.mkdir(parents=True, exist_ok=True)
    starter = Starter(folder.resolve())
    name = listening.getsockname()
    shown = f"[{host}]" if ":" in host else host
    hosts = ("127.0.0.1", "localhost", "[::1]", shown)
    app = create_app(
        Runs(folder, alive=starter.alive),
        starter,
        site=chosen,
        hosts=("*",) if open_to_network else hosts,
        closing=lambda: server.should_exit,
    )
    app.include_router(run_fault_routes(folder.resolve(), starter.alive))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))

    def end(number: int, frame: FrameType | None) -> None:
        """End in good order, also if the server has not installed its own handler yet."""
        server.should_exit = True

    signal.signal(signal.SIGTERM, end)
    try:
        address = f"http://{shown}:{name[1]}/"
        print(json.dumps({"url": address}) if as_json else address)
        sys.stdout.flush()
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # the way to end it
    finally:
        starter.close()


def _offer(name: str) -> Offer | None:
    try:
        scenario = load(find_scenario(name), Scenario)
    except BadFile:
        return None
    return Offer(name=name, site=scenario.site, title=scenario.say)


def _site_name(site: str | None) -> str:
    if site is None:
        return ""
    try:
        return find_site(site).name
    except BadFile as problem:
        _refuse(str(problem))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        _refuse(f"port {port} on {host} cannot be used: {getattr(error, 'strerror', '') or error}")
    return listening


def _refuse(text: str) -> NoReturn:
    sys.stderr.write(f"{text}\n")
    raise SystemExit(2)
