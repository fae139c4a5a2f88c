"""The embedded broker (amqtt) in its own process: `python -m scenarios.rig.embedded HOST PORT`.

asyncio sets TCP_NODELAY on its sockets, which MQTT needs (44 ms stalls otherwise).
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import sys
from collections.abc import Iterator
from typing import Any

from amqtt.broker import Broker


def _configuration(host: str, port: int) -> dict[str, Any]:
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}", "max_connections": 0}},
        "plugins": {
            "amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True},
        },
    }


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


async def serve(host: str, port: int) -> None:
    """Run the broker until the process is ended."""
    broker = Broker(_configuration(host, port))
    broker._subscriptions = _Subscriptions()
    await broker.start()
    await asyncio.Event().wait()


def _quick_loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's event loop where there is one: a quarter less time for the same messages."""
    if importlib.util.find_spec("uvloop") is None:  # Windows
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = importlib.import_module("uvloop").new_event_loop()
    return loop


def main() -> None:
    """Serve on the host and port given on the command line."""
    logging.disable(logging.CRITICAL)
    with asyncio.Runner(loop_factory=_quick_loop) as runner:
        runner.run(serve(sys.argv[1], int(sys.argv[2])))


if __name__ == "__main__":
    main()
