"""Faults and presses ordered while a run goes on: taken by any thread, checked at once, carried out
at a slice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from controller.interface.files import nearest
from controller.interface.kinds import PRESSED
from controller.interface.points import PointList
from devices.failing.vocabulary import TERMS
from devices.faults import check_device, check_gateway, check_rig, known, possible
from scenarios.injection import Injection, check_real, spread
from scenarios.schema import Fault


class Stage(Protocol):
    """Where faults begin and end."""

    def fault(self, now: int, target: str, fault: str, for_ms: int | None, **params: Any) -> None:
        """Begin a fault."""
        ...

    def clear(self, now: int, target: str, fault: str) -> None:
        """End a fault."""
        ...

    def press(self, now: int, device: str) -> None:
        """Somebody presses something."""
        ...


class FaultBoard:
    """Orders for the devices of one site; `standing` tells what stands now.

    `ordered` is called, by any thread, when something has been ordered.
    """

    def __init__(
        self,
        points: PointList,
        rig: str,
        standing: Callable[[], Sequence[tuple[str, str]]],
        ordered: Callable[[], object] = lambda: None,
    ) -> None:
        self._points, self._rig, self._standing = points, rig, standing
        self._ordered = ordered
        self._orders: deque[Callable[[Stage, int], None]] = deque()

    def begin(self, order: Injection) -> None:
        """Order a fault; ValueError with the reason if it cannot be."""
        for item in self.checked(order):
            self._orders.append(
                lambda stage, now, item=item: stage.fault(  # type: ignore[misc]
                    now, item.device, item.fault, item.lasts, **item.parameters
                )
            )

        self._ordered()

    def checked(self, order: Injection) -> list[Fault]:
        """The fault, or for a place (`at:GLOB`) one per gateway and MQTT device; ValueError."""
        check_rig(order.fault, self._rig)
        items = [one for one in spread(order.happening(), self._points) if isinstance(one, Fault)]
        for item in items:
            self._check(item.device, item.fault, item.parameters)
            check_real(self._points, item.device, item.fault)
        return items

    def end(self, target: str, fault: str) -> None:
        """Order a fault to end; ValueError if it does not stand."""
        known(fault)
        place = spread(Injection(device=target, fault=fault).happening(), self._points)
        names = [one.device for one in place if isinstance(one, Fault)]
        for name in names:
            self._target(name)
        standing = [name for name in names if (name, fault) in self._standing()]
        if not standing:
            raise ValueError(f"{target} is not `{fault}` now")
        for name in standing:
            self._orders.append(lambda stage, now, name=name: stage.clear(now, name, fault))  # type: ignore[misc]
        self._ordered()

    def press(self, device: str) -> None:
        """Order a press, or a card or tag that is shown; ValueError where there is nothing."""
        self._target(device)
        one = self._points.devices.get(device)
        if one is None or one.kind not in PRESSED:
            names = [d.id for d in self._points.devices.values() if d.kind in PRESSED]
            raise ValueError(f"{device} has nothing to press; these have: {', '.join(names)}")
        gateway = self._points.gateways.get(one.gateway)
        if one.real or (gateway is not None and gateway.real):
            raise ValueError(f"{device} is real: somebody must press it there")
        self._orders.append(lambda stage, now: stage.press(now, device))
        self._ordered()

    def play(self, stage: Stage, now: int) -> None:
        """Carry the orders out, at `now` (ms)."""
        while self._orders:
            self._orders.popleft()(stage, now)

    def document(self) -> dict[str, Any]:
        """What stands, and every fault with its meaning."""
        return {
            "standing": [{"device": d, "fault": f} for d, f in self._standing()],
            "faults": [
                {"name": t.name, "layer": t.layer, "say": t.say,
                 "takes": t.amount.say if t.amount else None}
                for t in TERMS.values()
            ],
        }  # fmt: skip

    def possible(self, target: str) -> dict[str, Any]:
        """What a device or gateway can have."""
        self._target(target)
        device = self._points.devices.get(target)
        return {"device": target, "possible": list(possible(device))}

    def _check(self, target: str, fault: str, params: dict[str, Any]) -> None:
        self._target(target)
        if target in self._points.gateways:
            check_gateway(target, fault, params)
        else:
            check_device(self._points.devices[target], fault, params)

    def _target(self, name: str) -> None:
        names = [*self._points.gateways, *self._points.devices]
        if name not in names:
            close = nearest(name, names)
            hint = f"; did you mean `{close}`?" if close else ""
            raise ValueError(f"no such device or gateway: {name!r}{hint}")
