"""A Modbus master that is nobody's: a socket and bytes written by hand, blocking, no codec."""

from __future__ import annotations

import socket


class RawMaster:
    """Sends hex, receives frames by their length field."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, *frames: str) -> None:
        self.sock.sendall(bytes.fromhex("".join(frames)))

    def frame(self) -> str:
        head = self._exactly(6)
        return (head + self._exactly(int.from_bytes(head[4:6]))).hex()

    def pdu(self) -> str:
        return self.frame()[14:]

    def ask(self, pdu: str, unit: int = 1, transaction: int = 1) -> str:
        self.send(ask(pdu, unit, transaction))
        return self.pdu()

    def closed(self) -> bool:
        try:
            return self.sock.recv(1) == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        self.sock.close()

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self.sock.recv(count - len(data))
            assert part, "the server closed the connection"
            data += part
        return data


def ask(pdu: str, unit: int = 1, transaction: int = 1) -> str:
    length = len(pdu) // 2 + 1
    return f"{transaction:04x}0000{length:04x}{unit:02x}{pdu}"
