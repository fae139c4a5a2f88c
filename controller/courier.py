"""Carries the plan's notices: over MQTT as commands to receivers, over HTTP as requests."""

from __future__ import annotations

from collections.abc import Mapping

from controller.drivers.links import Links
from controller.drivers.mqtt import TTL_MS, MqttDriver
from controller.drivers.webhook import WebhookDriver
from controller.intake import Intake
from controller.interface import envelope, topics
from controller.interface.clock import Grant
from controller.interface.notices import command_id
from controller.interface.points import PointList
from controller.plan.outbox import Sending
from controller.plan.work import PlanWork

URGENT = 1


class Courier:
    """All ways to receivers; what leaves and what comes back is told to the intake."""

    def __init__(
        self, points: PointList, links: Links, plan: PlanWork, intake: Intake, mqtt: MqttDriver,
        *, lockstep: bool,
    ) -> None:  # fmt: skip
        self._points, self._plan, self._intake, self._mqtt = points, plan, intake, mqtt
        self._lockstep = lockstep
        self._webhooks = {
            name: WebhookDriver(name, links.http(points.devices[name]), intake, lockstep=lockstep)
            for name in sorted(plan.outbox.polled)
        }

    @property
    def requests(self) -> Mapping[str, int]:
        """Requests over HTTP so far, by receiver."""
        return {name: webhook.requests for name, webhook in self._webhooks.items()}

    @property
    def wake_ms(self) -> int:
        """When something is to be sent, or an answer is overdue."""
        overdue = [webhook.wake_ms for webhook in self._webhooks.values()]
        return min([self._plan.outbox.wake_ms, *overdue])

    async def hear(self, grant: Grant) -> None:
        """What receivers have answered over HTTP; over MQTT the driver hears them."""
        for name, webhook in self._webhooks.items():
            if self._lockstep:
                await webhook.link.settle(grant.replies.get(name, 0))
            webhook.take_in(grant.t_ms)

    async def tell(self, now: int, utc_ms: int) -> None:
        """Send every notice that is due; `utc_ms` later than the scan's clock is UTC."""
        for sending in self._plan.due(now):
            webhook = self._webhooks.get(sending.receiver)
            if webhook is not None:
                await webhook.send(sending, now)
            elif self._mqtt.connected:
                await self._publish(sending, now + utc_ms)
                self._intake.delivery(sending.receiver, "sent", sending.notice)
            else:
                self._plan.outbox.hold(sending)

    def close(self) -> None:
        """End what is underway over HTTP."""
        for webhook in self._webhooks.values():
            webhook.link.close()

    async def _publish(self, sending: Sending, utc_ms: int) -> None:
        device = self._points.devices[sending.receiver]
        name = command_id(device.id, sending.notice)
        payload = envelope.encode_command(name, sending.text, URGENT, TTL_MS, utc_ms)
        leaf = next(point.binding.leaf for point in device.points if point.write)
        await self._mqtt.link.publish(topics.topic(self._points.site, device, leaf), payload)
        self._mqtt.published[device.id] = self._mqtt.published.get(device.id, 0) + 1
