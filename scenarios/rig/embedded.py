"""The embedded broker (amqtt) in its own process.

`python -m scenarios.rig.embedded HOST PORT [ACCOUNTS [CERTIFICATES]]`, the last two being folders.

asyncio sets TCP_NODELAY on its sockets, which MQTT needs (44 ms stalls otherwise).
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amqtt.broker import Broker

from scenarios.security.names import SERVER


def _configuration(host: str, port: int, accounts: str, certificates: str) -> dict[str, Any]:
    listener: dict[str, Any] = {"type": "tcp", "bind": f"{host}:{port}", "max_connections": 0}
    if certificates:
        server = str(Path(certificates) / SERVER)
        listener |= {"ssl": True, "certfile": f"{server}.pem", "keyfile": f"{server}.key"}
    open_to_all = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    guarded = {
        "scenarios.rig.gatekeeper.Passwords": {"folder": accounts},
        "scenarios.rig.gatekeeper.AccessList": {"folder": accounts},
    }
    return {"listeners": {"default": listener}, "plugins": guarded if accounts else open_to_all}


class _Subscriptions(dict[str, Any]):
    """Iterates over a copy of its keys.

    amqtt 0.12 iterates over its subscriptions across awaits and dies of "dictionary changed size"
    when clients subscribe at the same time; to be removed when it no longer does.
    """

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.keys()))

    def items(self) -> Any:
        """Return a copy of the pairs."""
        return list(super().items())


async def serve(host: str, port: int, accounts: str = "", certificates: str = "") -> None:
    """Run the broker until the process is ended."""
    broker = Broker(_configuration(host, port, accounts, certificates))
    broker._subscriptions = _Subscriptions()
    await broker.start()
    await asyncio.Event().wait()


def quick_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's event loop where there is one: a quarter less time for the same messages."""
    if importlib.util.find_spec("uvloop") is None:  # Windows
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = importlib.import_module("uvloop").new_event_loop()
    return loop


def main() -> None:
    """Serve on the host and port given on the command line."""
    logging.disable(logging.CRITICAL)
    with asyncio.Runner(loop_factory=quick_loop) as runner:
        runner.run(serve(sys.argv[1], int(sys.argv[2]), *sys.argv[3:5]))


if __name__ == "__main__":
    main()
