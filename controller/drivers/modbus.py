"""One gateway's Modbus conversation, timed by the scan clock alone.

One request is in flight at a time, writes before reads. A request without a reply is repeated, then
counts as a missed poll; three in a row and the gateway is lost. A reply that comes after its time
is still the reading it is. A gateway that is dead holds up nobody else, and one that is slow holds
up a command for `PATIENCE_MS` at most: then it is sent without waiting for what was asked before.
"""

from __future__ import annotations

from collections import deque

from controller.drivers.backoff import Backoff
from controller.drivers.dialer import Dialer
from controller.drivers.jobs import Pending, Reading, Write, as_request
from controller.drivers.links import ModbusLink
from controller.drivers.listener import Listener
from controller.drivers.picture import Picture
from controller.interface import modbus, registers
from controller.interface.modbus import Adu
from controller.interface.points import Binding, Command, Device, Gateway, PointList
from controller.interface.timecheck import MISSED_POLLS

PATIENCE_MS = 1000
"""How long a command waits for the reply to an earlier request. With a scan and a poll period of
at most 1 s each it leaves within 3 s of its trigger (GB 50166-2019 4.1.3), faults or not."""

LEAST = 8
"""Priority of commands that can wait: outputs at rest, heartbeats."""

NEVER = 1 << 62
_MOST_LATE = 64
_BUSY = (modbus.ACKNOWLEDGE, modbus.BUSY)


class ModbusDriver:
    """Polls and writes one gateway. The scan calls, in this order: open, take_in, advance.

    `requests` counts what was sent, `received` what came on this connection; `written`: number of
    the request -> command, until the scan has reported it.
    """

    def __init__(
        self, gateway: Gateway, points: PointList, link: ModbusLink, listener: Listener,
        *, lockstep: bool,
    ) -> None:  # fmt: skip
        self.gateway = gateway
        self.link = link
        self.requests = 0
        self.received = 0
        self.written: dict[int, str] = {}
        self.lost = False
        members = [d for d in points.devices.values() if d.gateway == gateway.id]
        self._listener = listener
        self._dialer = Dialer(link, lockstep=lockstep)
        self._backoff = Backoff()
        self._units: dict[str, Device] = {d.id: d for d in members}
        self._picture = Picture(gateway.id, members, listener)
        self._devices = frozenset(self._units)
        self._up = self._owing = False
        self._missed = self._now = 0
        self._transaction = 0
        self._next_poll_ms = 0
        self._round: deque[Reading] = deque()
        self._writes: deque[Write] = deque()
        self._flight: tuple[int, Pending] | None = None
        self._late: dict[int, Pending] = {}

    async def open(self, now: int) -> None:
        """Connect if there is no connection and it is time to try."""
        if self._up or now < self._backoff.due_ms:
            return
        worked = await self._dialer.dial()
        if worked is None:
            return
        if not worked:
            self._backoff.failed(now, hurry=self._owing)
            self._listener.comms(self.gateway.id, "refused")
            return
        self._up, self.received = True, 0
        self._picture.connected()
        self._next_poll_ms = now
        self._listener.returned(self._devices, again=self.lost)

    def take_in(self, now: int) -> None:
        """Take what has arrived, and notice a connection that was lost."""
        self._now = now
        for adu in self.link.take():
            self.received += 1
            self._match(adu, now)
        if self._up and not self.link.connected:
            self._listener.comms(self.gateway.id, "dropped")
            self._disconnect(now)

    def advance(self, now: int) -> bool:
        """Let time-outs run out and send what is due; whether a request left just now."""
        if not self._up:
            self._miss_unconnected(now)
            return False
        while self._flight is not None and self._impatient(now):
            self._overtake(now)
        if self._flight is not None:
            if now < self._flight[1].sent_ms + self.gateway.timeout_ms:
                return self._flight[1].sent_ms == now
            self._time_out(now)
        if self._up and self._flight is None:
            self._send_next(now)
        return self._flight is not None and self._flight[1].sent_ms == now

    def write(self, command: Command, binding: Binding, device: str) -> None:
        """Queue a command, before those of least priority; a value that does not fit is answered
        `rejected` at once."""
        try:
            raw = registers.to_raw(binding, command.value)
        except ValueError:
            self._listener.answer(command.id, "rejected")
            return
        stale = f"{command.point}#"
        self._writes = deque(w for w in self._writes if not w.command.startswith(stale))
        if not self._up:
            self._listener.silence(command.id)
            self._owing = True
            self._backoff.hurry(self._now)
            return
        request = as_request(binding, raw)
        urgent_ms = self._now + PATIENCE_MS if command.priority < LEAST else NEVER
        write = Write(command.id, self._units[device].unit, request, urgent_ms)
        urgent = sum(w.urgent_ms < NEVER for w in self._writes)
        self._writes.insert(urgent if urgent_ms < NEVER else len(self._writes), write)

    @property
    def up(self) -> bool:
        """Whether it has a connection to speak on."""
        return self._up

    @property
    def polled(self) -> bool:
        """Whether everything behind the gateway has been read at least once."""
        return all(reading.asked_ms >= 0 for reading in self._picture.readings)

    @property
    def wake_ms(self) -> int:
        """When this driver next has something to do."""
        if not self._up:
            due = self._backoff.due_ms
            return due if self.lost else min(due, self._next_poll_ms)
        if self._flight is not None:
            due = self._flight[1].sent_ms + self.gateway.timeout_ms
            return min(due, self._writes[0].urgent_ms) if self._writes else due
        return 0 if self._writes or self._round else self._next_poll_ms

    def close(self) -> None:
        """End the connection."""
        self._dialer.cancel()
        self.link.close()

    def _send_next(self, now: int) -> None:
        if not self._round and now >= self._next_poll_ms:
            self._round = deque(self._picture.readings)
            missed = (now - self._next_poll_ms) // self.gateway.poll_ms
            self._next_poll_ms += (missed + 1) * self.gateway.poll_ms
        if self._writes:
            self._send(Pending(self._writes.popleft(), now, 1))
        elif self._round:
            self._send(Pending(self._round.popleft(), now, 1))

    def _send(self, pending: Pending) -> None:
        job = pending.job
        if isinstance(job, Write):
            unit, pdu = job.unit, modbus.encode_request(job.request)
        else:
            unit, pdu = job.block.unit, job.asks
        self._transaction = self._transaction % 0xFFFF + 1
        self.requests += 1
        if isinstance(job, Write):
            self.written[self.requests] = job.command
        self._flight = (self._transaction, pending)
        self.link.send(modbus.encode_adu(self._transaction, unit, pdu))

    def _impatient(self, now: int) -> bool:
        return bool(self._writes) and now >= self._writes[0].urgent_ms

    def _overtake(self, now: int) -> None:
        """Send a command although an earlier request has not been answered; it may be yet."""
        if self._flight is None:
            return
        transaction, pending = self._flight
        self._keep(transaction, pending)
        if isinstance(pending.job, Write):
            self._listener.silence(pending.job.command)
        self._listener.comms(self.gateway.id, "overtaken", ms=now - pending.sent_ms)
        self._send(Pending(self._writes.popleft(), now, 1))

    def _keep(self, transaction: int, pending: Pending) -> None:
        """Remember a request whose reply may still come."""
        self._flight = None
        self._late[transaction] = pending
        while len(self._late) > _MOST_LATE:
            del self._late[next(iter(self._late))]

    def _time_out(self, now: int) -> None:
        if self._flight is None:
            return
        transaction, pending = self._flight
        self._listener.comms(self.gateway.id, "timeout", tries=pending.tries)
        self._keep(transaction, pending)
        if pending.tries <= self.gateway.retries:
            self._send(Pending(pending.job, now, pending.tries + 1))
            return
        if isinstance(pending.job, Write):
            self._listener.silence(pending.job.command)
        self._miss(now)

    def _miss(self, now: int) -> None:
        self._missed += 1
        if self._missed < MISSED_POLLS or self.lost:
            return
        self.lost = True
        self._listener.comms(self.gateway.id, "lost")
        self._picture.lost()
        if self._up:
            self._disconnect(now)

    def _miss_unconnected(self, now: int) -> None:
        """Polls that fall due without a connection are missed polls."""
        if not self.lost and now >= self._next_poll_ms:
            self._next_poll_ms = now + self.gateway.poll_ms
            self._miss(now)

    def _disconnect(self, now: int) -> None:
        """Forget the conversation; a request that nobody received was never made."""
        self.link.close()
        self._up = False
        if self._flight is not None:
            transaction, pending = self._flight
            if pending.sent_ms == now:
                self.written.pop(self.requests, None)
                self._transaction, self.requests = transaction - 1, self.requests - 1
            if isinstance(pending.job, Write):
                self._listener.silence(pending.job.command)
        for write in self._writes:
            self._listener.silence(write.command)
        self._owing = self._owing or bool(self._writes)
        self._flight = None
        self._late.clear()
        self._writes.clear()
        self._round.clear()
        self._backoff.failed(now, hurry=self._owing)

    def _match(self, adu: Adu, now: int) -> None:
        if self._flight is not None and self._flight[0] == adu.transaction:
            pending = self._flight[1]
            self._flight = None
        elif adu.transaction in self._late:
            pending = self._late.pop(adu.transaction)
            self._listener.comms(self.gateway.id, "late", ms=now - pending.sent_ms)
        else:
            self._listener.comms(self.gateway.id, "malformed", why="nobody asked for this reply")
            return
        if isinstance(pending.job, Write):
            self._answered(pending.job, adu)
        elif pending.sent_ms > pending.job.asked_ms:
            again = self._picture.take(pending.job, adu.pdu, pending.sent_ms)
            self._round.extendleft(reversed(again))
        self._alive()

    def _alive(self) -> None:
        self._missed = 0
        self._backoff.worked()
        if self.lost:
            self.lost = False
            self._listener.comms(self.gateway.id, "restored")

    def _answered(self, write: Write, adu: Adu) -> None:
        self._owing = False
        reply = modbus.decode_reply(write.request, adu.pdu)
        if isinstance(reply, modbus.BadReply):
            self._listener.comms(self.gateway.id, "malformed", why=reply.reason)
            self._listener.silence(write.command)
        elif reply.exception in _BUSY or reply.exception in (10, 11):
            self._listener.answer(write.command, "busy")
            self._listener.silence(write.command)
        else:
            self._listener.answer(write.command, "rejected" if reply.exception else "ok")
