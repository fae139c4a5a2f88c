"""Opens the HTTP servers of a site's receivers of notices."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

from devices.serve.webhook import WebhookServer
from devices.webhook import Webhook
from scenarios.rig.failure import RigFailure
from scenarios.security.reach import check_reach


async def open_receivers(
    webhooks: Mapping[str, Webhook],
    points: Mapping[str, Any],
    *,
    fixed_ports: bool,
    expose: bool,
    ends: AsyncExitStack,
) -> dict[str, WebhookServer]:
    """Start one server per receiver and write its port into the I/O list; RigFailure if it cannot.

    A receiver whose URL is https is emulated without TLS: the list then says http.
    """
    servers = {}
    for entry in points["devices"]:
        if entry["id"] not in webhooks:
            continue
        server, url = WebhookServer(webhooks[entry["id"]]), urlsplit(entry["url"])
        host, port = url.hostname or "127.0.0.1", (url.port or 80) if fixed_ports else 0
        check_reach(f"receiver {entry['id']}", host, guarded=False, expose=expose)
        try:
            port = await server.start(host, port)
        except OSError as error:
            text = f"receiver {entry['id']} cannot listen on {host}:{port}: {error.strerror}"
            raise RigFailure(text) from error
        entry["url"] = f"http://{host}:{port}{url.path}"
        ends.push_async_callback(server.close)
        servers[entry["id"]] = server
    return servers
