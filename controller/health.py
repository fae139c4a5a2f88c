"""What is wrong with the controller itself: named faults, on record and told to the duty room.

On MQTT the retained `status` of `ctl/controller` says `fault`, and `state/faults` says which.
"""

from __future__ import annotations

from controller.drivers.links import MqttLink
from controller.drivers.routes import status_topic
from controller.interface import envelope, topics
from controller.interface.journal import Journal
from controller.interface.points import Quality

PHASE = 3
_ME = "controller"


class Health:
    """Faults by name; `say` ends one with an empty text."""

    def __init__(self, journal: Journal, site: str) -> None:
        self._journal, self._site = journal, site
        self._faults: dict[str, str] = {}
        self._told: tuple[int, str] = (0, "")
        self._seq = 0

    @property
    def text(self) -> str:
        """All faults as one line, "" if there are none."""
        return "; ".join(self._faults.values())

    def say(self, name: str, text: str, now: int) -> None:
        """A fault begins, changes or (text "") ends."""
        if text == self._faults.get(name, ""):
            return
        if text:
            self._faults[name] = text
        else:
            del self._faults[name]
        what = "fault" if text else "fault-over"
        self._journal.record(now, PHASE, "scan", _ME, what=what, name=name, text=text)

    async def tell(self, link: MqttLink, session: int, now: int) -> None:
        """Publish what is news in this session."""
        told = (session, self.text)
        if not link.connected or told == self._told or (not self.text and not self._told[1]):
            return
        self._told = told
        self._seq += 1
        state = "fault" if self.text else "ready"
        status = envelope.encode_status(now, session, _ME, state)
        await link.publish(status_topic(self._site), status, retain=True)
        topic = topics.join(self._site, *topics.CONTROLLER, "state/faults")
        said = envelope.encode_state(now, self._seq, str(session), Quality.GOOD, self.text)
        await link.publish(topic, said, retain=True)
