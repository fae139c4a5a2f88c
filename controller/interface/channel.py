"""The private channel between a rig and the controller: one JSON line per grant and per done.

It never runs through the broker or the gateways under test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from controller.interface.clock import Done, Grant


class BadLine(ValueError):  # noqa: N818 - the line is bad, the program is not
    """A line of the channel that is neither a grant nor a done."""


def encode_grant(grant: Grant) -> bytes:
    """A grant as one line."""
    return _line(
        {
            "grant": grant.t_ms,
            "inbox": grant.inbox,
            "session": grant.session,
            "drops": grant.drops,
            "replies": dict(grant.replies),
            "held": list(grant.held),
            "stop": grant.stop,
        }
    )


def decode_grant(line: bytes) -> Grant:
    """The grant in a line; BadLine if it is none."""
    body = _body(line)
    try:
        return Grant(
            int(body["grant"]),
            int(body["inbox"]),
            int(body["session"]),
            int(body["drops"]),
            {str(key): int(value) for key, value in body["replies"].items()},
            tuple(str(gateway) for gateway in body["held"]),
            bool(body["stop"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadLine(f"not a grant: {line[:80]!r}") from error


def encode_done(done: Done) -> bytes:
    """A done as one line."""
    return _line(
        {
            "done": done.t_ms,
            "wake": done.wake_ms,
            "published": dict(done.published),
            "requests": dict(done.requests),
            "session": done.session,
            "connected": done.connected,
            "writes": {name: dict(commands) for name, commands in done.writes.items()},
        }
    )


def decode_done(line: bytes) -> Done:
    """The done in a line; BadLine if it is none."""
    body = _body(line)
    try:
        return Done(
            int(body["done"]),
            int(body["wake"]),
            {str(key): int(value) for key, value in body["published"].items()},
            {str(key): int(value) for key, value in body["requests"].items()},
            int(body["session"]),
            bool(body["connected"]),
            {str(name): _commands(sent) for name, sent in body.get("writes", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadLine(f"not a done: {line[:80]!r}") from error


def _commands(sent: Mapping[str, Any]) -> dict[int, str]:
    return {int(number): str(command) for number, command in sent.items()}


def _line(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode() + b"\n"


def _body(line: bytes) -> dict[str, Any]:
    try:
        body = json.loads(line)
    except ValueError as error:
        raise BadLine(f"not JSON: {line[:80]!r}") from error
    if not isinstance(body, dict):
        raise BadLine(f"not an object: {line[:80]!r}")
    return body
