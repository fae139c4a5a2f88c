"""An exit sign and a card reader on MQTT of their own make (paho, own JSON), in order or with one
defect planted.
"""

from __future__ import annotations

import json
import threading

import paho.mqtt.client as paho

from controller.interface.clock import utc_ms

FACES = ["off", "ahead", "left", "right", "no-entry"]


class PlantedSign:
    """Speaks from threads of its own; `stop` ends them."""

    id, base, takes = "sign-9", "cs/1/bench/sign/sign-9/", "show"

    def __init__(self, port, defect="", clock="utc"):
        self.defect, self.clock = defect, clock
        self.boot, self.seq, self.face = "b1", 0, "off"
        self.done = {}
        self.over = threading.Event()
        self.lock = threading.RLock()
        self.started = utc_ms() - 3_600_000
        self.port = port
        self.switch_on()
        self.heart = threading.Thread(target=self.beat)
        self.heart.start()

    def switch_on(self):
        self.client = client = paho.Client(paho.CallbackAPIVersion.VERSION2, self.id)
        client.reconnect_delay_set(1, 1)
        if self.defect != "no will":
            client.will_set(self.base + "status", self.body(s="lost"), 1, True)
        client.on_connect = self.connected
        client.on_message = self.received
        client.connect("127.0.0.1", self.port)
        client.loop_start()

    def stop(self):
        self.over.set()
        self.heart.join()
        self.client.disconnect()
        self.client.loop_stop()

    def power_cycle(self):
        """Off and on again: a new connection, a new boot, every state anew."""
        self.client.disconnect()
        self.client.loop_stop()
        if self.defect != "same boot":
            self.boot, self.seq = "b2", 0
        self.switch_on()

    def now(self):
        return utc_ms() if self.clock == "utc" else utc_ms() - self.started

    def body(self, **more):
        with self.lock:
            self.seq += 0 if self.defect == "seq stands still" else 1
            return json.dumps({"t": self.now(), "seq": self.seq, "boot": self.boot, **more})

    def say(self, leaf, retain, **more):
        with self.lock:
            self.client.publish(self.base + leaf, self.body(**more), 1, retain)

    def connected(self, client, *args):
        client.subscribe(f"{self.base}cmd/{self.takes}", 1)
        self.say("status", self.defect != "status not retained", s="ready", fw="1")
        self.say("desc", True, clock=self.clock, points=self.points())
        if self.boot == "b1" or self.defect != "silent after power":
            self.report()

    def points(self):
        return {
            "show": {"type": "text", "settable": self.defect != "description lies"},
            "showing": {"type": "text", "settable": False},
        }

    def possible(self, value):
        return value in FACES

    def report(self):
        self.say("state/showing", self.defect != "state not retained", v=1, q="good",
                 val=self.face, src="sensor")  # fmt: skip

    def beat(self):
        while not self.over.wait(2.0 if self.defect == "slow heart" else 1.0):
            if self.client.is_connected() and self.defect != "no heartbeat":
                self.say("hb", self.defect == "heartbeat retained")

    def received(self, client, data, message):
        if message.retain and self.defect != "retained command executed":
            return
        try:
            order = json.loads(message.payload)
            id, value, ttl, t = order["id"], order["val"], order["ttl"], order["t"]
        except (ValueError, KeyError, TypeError):
            if self.defect == "dies of garbage":
                self.over.set()
            return
        if id in self.done and self.defect != "duplicate executed":
            self.ack(id, self.done[id], value)
        elif self.now() > t + ttl and self.defect != "expired executed":
            self.ack(id, "expired", value)
        elif not self.possible(value) and self.defect != "anything accepted":
            self.ack(id, "rejected", value)
        else:
            self.done[id] = "ok"
            self.ack(id, "ok", value)
            if self.defect != "acknowledged and not done":
                self.face = value
                self.report()

    def ack(self, id, result, value):
        if self.defect != "no ack":
            self.say("ack", False, id=id, r=result, val=value)


class PlantedReader(PlantedSign):
    """Somebody shows it another card every second."""

    id, base, takes = "rd-9", "cs/1/bench/card/rd-9/", "verdict"
    shown, asking = 0, ""

    def points(self):
        names = {"verdict": "text", "card": "text", "alone": "bool"}
        return {
            name: {"type": as_type, "settable": name == "verdict"}
            for name, as_type in names.items()
        }

    def report(self):
        self.say("state/alone", True, v=1, q="good", val=False, src="sensor")

    def say(self, leaf, retain, **more):
        super().say(leaf, retain, **more)
        if leaf == "hb":
            self.shown += 1
            self.asking = f"p-{self.shown}"
            super().say("event/card", False, v=1, q="good", val=self.asking, src="sensor")

    def possible(self, value):
        word, _, card = str(value).partition(" ")
        if self.defect == "opens for anybody":
            return word in ("yes", "no")
        if self.defect == "hears nobody":
            return False
        known = word in ("yes", "no") and card == self.asking
        if known and self.defect != "obeys twice":
            self.asking = ""
        return known
