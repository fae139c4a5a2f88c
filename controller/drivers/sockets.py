"""Links over real sockets: what the product uses, on a real site and under the wire rig."""

from __future__ import annotations

from collections.abc import Sequence

from controller.drivers.broker import BrokerLink
from controller.drivers.entry import Entry
from controller.drivers.links import HttpLink, ModbusLink, MqttLink, Will
from controller.drivers.tcp import TcpLink
from controller.drivers.webclient import WebClient
from controller.interface.points import Device, Gateway

CLIENT_ID = "controller"


class SocketLinks:
    """Makes TCP and MQTT connections; `entry` is how the broker lets the controller in.

    `node`: of a pair, whose two must not throw each other out of the broker.
    """

    def __init__(self, entry: Entry | None = None, node: str = "") -> None:
        self._entry = entry or Entry()
        self._client_id = f"{CLIENT_ID}-{node}" if node else CLIENT_ID

    def modbus(self, gateway: Gateway) -> ModbusLink:
        """A link to a gateway, not yet connected."""
        return TcpLink(gateway.host, gateway.port)

    def http(self, receiver: Device) -> HttpLink:
        """A link to a receiver of notices."""
        entry, name = self._entry, receiver.id
        token, key = entry.tokens.get(name, ""), entry.keys.get(name, "")
        return WebClient(receiver.url, token, entry.notice_tls, key)

    def mqtt(self, host: str, port: int, will: Will, filters: Sequence[str]) -> MqttLink:
        """A link to the broker, not yet connected."""
        return BrokerLink(host, port, self._client_id, will, filters, self._entry)
