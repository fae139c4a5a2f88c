"""paho's MQTT client, reading its socket in large pieces.

paho 2 asks the socket for one byte, then for the length, then for the rest of every packet: three
system calls a packet, which is most of the cost of many small messages. Here one call takes all
that has come. It overrides a private method of paho (`_sock_recv`); the tests on real brokers
notice if that changes.
"""

from __future__ import annotations

import ssl
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import MQTTErrorCode

_PIECE = 1 << 16


class MqttClient(paho.Client):
    """A client whose caller watches the socket and calls `read_all` when it can be read."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._piece = b""
        self._taken = 0
        super().__init__(*args, **options)

    def read_all(self) -> bool:
        """Process every packet that has come; False if the connection is lost."""
        while True:
            if self.loop_read() is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                return False
            if self._taken == len(self._piece) and not self._deciphered():
                return True

    def _deciphered(self) -> int:
        """Bytes that TLS has taken from the socket already; no selector tells of them."""
        sock = self.socket()
        return sock.pending() if isinstance(sock, ssl.SSLSocket) else 0

    def _sock_recv(self, bufsize: int) -> bytes:
        """Up to `bufsize` bytes, from what has been read already if there is any."""
        if self._taken == len(self._piece):
            self._piece, self._taken = super()._sock_recv(_PIECE), 0
        part = self._piece[self._taken : self._taken + bufsize]
        self._taken += len(part)
        return part
