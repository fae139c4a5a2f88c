"""A subscriber to everything, in a process of its own: `python -m ... PORT`.

Counts messages and how late heartbeats come: each carries the time at which it was due.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import Counter

from controller.interface.clock import utc_ms
from devices.serve.access import Access
from devices.serve.connection import Connection
from scenarios.district.percentile import percentile
from scenarios.rig.embedded import quick_loop

_DUE = re.compile(rb'\{"t":([0-9]+)').match


class _Listener:
    """Everything, counted."""

    client_id = "bench-listener"
    subscriptions = ("cs/1/#",)

    def __init__(self) -> None:
        self.count = 0
        self.late: Counter[int] = Counter()

    def receive(self, topic: str, payload: bytes) -> None:
        """Count it; a heartbeat also by its lateness."""
        self.count += 1
        due = _DUE(payload) if topic.endswith("/hb") else None
        if due is not None:
            self.late[max(0, utc_ms() - int(due[1]))] += 1


async def _listen(port: int) -> None:
    listener = _Listener()
    connection = Connection(listener, None, asyncio.Event())
    await connection.connect(Access("127.0.0.1", port))
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)
    listener.count, listener.late = 0, Counter()
    await loop.run_in_executor(None, sys.stdin.readline)
    late = listener.late
    document = {
        "messages": listener.count,
        "heartbeats": sum(late.values()),
        "heartbeat_p50_ms": percentile(late, 0.5),
        "heartbeat_p99_ms": percentile(late, 0.99),
        "heartbeat_max_ms": max(late, default=0),
    }
    print(json.dumps(document), flush=True)
    connection.goodbye()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=quick_loop) as runner:
        runner.run(_listen(int(sys.argv[1])))
