"""The embedded broker (amqtt) in its own process: `python -m scenarios.rig.embedded HOST PORT`.

asyncio sets TCP_NODELAY on its sockets, which MQTT needs (44 ms stalls otherwise).
"""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

from amqtt.broker import Broker


def _configuration(host: str, port: int) -> dict[str, Any]:
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}", "max_connections": 0}},
        "plugins": {
            "amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True},
        },
    }


async def serve(host: str, port: int) -> None:
    """Run the broker until the process is ended."""
    broker = Broker(_configuration(host, port))
    await broker.start()
    await asyncio.Event().wait()


def main() -> None:
    """Serve on the host and port given on the command line."""
    logging.disable(logging.CRITICAL)
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))


if __name__ == "__main__":
    main()
