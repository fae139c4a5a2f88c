"""Two clocks on one wire: inside, ms since the start; outside, ms since 1970 (UTC).

A controller that did not start together with the devices shares only the latter with them, and a
command's time to live means nothing without a shared clock. `desc` says which clock it is.
"""

from __future__ import annotations

import re

_stamp = re.compile(rb'(?<=[{,]"t":)\d{1,18}').search
_RUN, _UTC = b'"clock":"run"', b'"clock":"utc"'


def outward(payload: bytes, epoch_ms: int) -> bytes:
    """Return a device's message with its `t` in UTC."""
    return _shifted(payload.replace(_RUN, _UTC, 1), epoch_ms)


def inward(payload: bytes, epoch_ms: int) -> bytes:
    """Return a command with its `t` on the devices' clock; before the start counts as the start."""
    return _shifted(payload, -epoch_ms)


def _shifted(payload: bytes, by_ms: int) -> bytes:
    found = _stamp(payload)
    if found is None:
        return payload
    t_ms = max(0, int(found[0]) + by_ms)
    return payload[: found.start()] + str(t_ms).encode() + payload[found.end() :]
