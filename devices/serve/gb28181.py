"""A GB/T 28181 device on a real UDP socket.

The platform is somebody else's program, so registrations and keepalives follow the wall clock, as
any protocol's own timers do; nothing in a run depends on them.
"""

from __future__ import annotations

import asyncio

from devices.gb28181.agent import Agent

_LONGEST_S = 3600.0
_GOODBYE_S = 1.0


class GbEndpoint(asyncio.DatagramProtocol):
    """The socket and the timer of an agent; only the platform's host is listened to."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.strangers = 0
        self.changed = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.DatagramTransport | None = None

    async def start(self, host: str, port: int) -> int:
        """Bind and register; returns the port (any free one for 0). OSError if it is taken."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        self._transport = transport
        self.agent.contact = (host, int(transport.get_extra_info("sockname")[1]))
        self.agent.start(self._now())
        self.send()
        return self.agent.contact[1]

    def send(self) -> None:
        """Send what is due, and alarms that wait."""
        self.agent.tick(self._now())
        self._flush()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take a datagram from the platform; a stranger's is counted and dropped."""
        if addr[0] != self.agent.account.host:
            self.strangers += 1
            return
        reply = self.agent.receive(data, self._now())
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)
        self._flush()

    def error_received(self, error: Exception) -> None:
        """Nobody listens there: the transaction's own timer deals with it."""

    async def close(self) -> None:
        """Unregister and end; a platform that does not answer is not waited for."""
        if self._transport is None:
            return
        if self.agent.state == "online":
            self.agent.stop(self._now())
            self._flush()
            try:
                async with asyncio.timeout(_GOODBYE_S):
                    while self.agent.state != "offline":
                        self.changed.clear()
                        await self.changed.wait()
            except TimeoutError:
                pass
        if self._timer is not None:
            self._timer.cancel()
        self._transport.close()
        self._transport = None

    def _flush(self) -> None:
        if self._transport is None:
            return
        datagrams, self.agent.out = self.agent.out, []
        for datagram in datagrams:
            self._transport.sendto(datagram, (self.agent.account.host, self.agent.account.port))
        self.changed.set()
        if self._timer is not None:
            self._timer.cancel()
        wait_s = min(_LONGEST_S, max(0.0, (self.agent.wake_ms - self._now()) / 1000))
        self._timer = asyncio.get_running_loop().call_later(wait_s, self.send)

    def _now(self) -> int:
        return int(1000 * asyncio.get_running_loop().time())
