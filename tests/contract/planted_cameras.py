"""Cameras of four makes on MQTT (paho, texts of their own), in order or with one defect planted."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta, timezone

import paho.mqtt.client as paho

from controller.interface.clock import utc_ms

EAST = timezone(timedelta(hours=8))
XML = "http://www.isapi.org/ver20/XMLSchema"


class PlantedCamera:
    """Speaks four times a second from a thread of its own; `stop` ends it."""

    def __init__(self, port, make, name, defect=""):
        self.make, self.name, self.defect = make, name, defect
        self.prefix = f"axis/{name}" if make == "axis" else f"bench/{name}"
        self.turn = self.posts = 0
        self.over = threading.Event()
        self.client = client = paho.Client(paho.CallbackAPIVersion.VERSION2, name)
        client.reconnect_delay_set(1, 1)
        if defect != "no will":
            self.testament()
        client.on_connect = self.connected
        client.connect("127.0.0.1", port)
        client.loop_start()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def testament(self):
        self.client.will_set(f"{self.prefix}/connection", '{"connected":false}', 1, True)

    def stop(self):
        self.over.set()
        self.thread.join()
        self.client.disconnect()
        self.client.loop_stop()

    def connected(self, client, *args):
        if self.defect != "no connect message":
            client.publish(f"{self.prefix}/connection", '{"connected":true}', 1, True)

    def now(self):
        off = 3600 if self.defect == "clock off" else 0
        back = self.turn if self.defect == "clock runs backwards" else 0
        return datetime.fromtimestamp(utc_ms() / 1000 - off - back, UTC)

    def say(self, leaf, body, retain=False):
        text = body if isinstance(body, str) else json.dumps(body)
        self.client.publish(f"{self.prefix}/{leaf}", text, 1, retain)

    def work(self):
        speak = getattr(self, self.make)
        while not self.over.wait(0.25):
            silent = self.defect == "falls silent" and self.turn > 0
            if self.client.is_connected() and not silent:
                self.turn += 1
                speak()

    def onvif(self):
        count = -1 if self.defect == "negative count" else self.turn % 5
        self.event("CountAggregation/OccupancyCounter", "Occupancy", Count=str(count))
        if self.turn % 4 == 0 or (self.defect == "begins twice" and self.turn % 2 == 0):
            self.event("LoiteringDetector/ObjectIsLoitering", "Loitering",
                       IsLoitering="true", ObjectId=str(self.turn // 4))  # fmt: skip
        elif self.turn % 4 == 2 and self.turn > 4:
            self.event("LoiteringDetector/ObjectIsLoitering", "Loitering",
                       IsLoitering="false", ObjectId=str(self.turn // 4))  # fmt: skip

    def event(self, topic, rule, **data):
        source = {"VideoSource": "1", "AnalyticsConfiguration": "1", "Rule": rule}
        when = self.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        body = {"UtcTime": when + "Z", "Source": source, "Data": data}
        if self.defect == "time without zone":
            body["UtcTime"] = when
        tail = "1/2/Other" if self.defect == "topic lies" else f"1/1/{rule}"
        kept = self.defect == "count retained"
        self.say(f"onvif-ej/RuleEngine/{topic}/&{tail}", body, kept)

    def axis(self):
        data = {"classTypes": "human", "active": "1", "total": str(self.turn % 5)}
        if self.defect == "negative count":
            data["total"] = "-3"
        topic = "CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1"
        body = {
            "topic": f"axis:{topic}",
            "timestamp": round(self.now().timestamp() * 1000),
            "serial": "ACCC8E000000" if self.defect == "other serial" else self.name,
            "message": {"source": {}, "key": {}, "data": data},
        }
        if self.defect == "seconds":
            body["timestamp"] = self.now().timestamp()
        self.say(f"event/tns:axis/{topic}", body, self.defect != "nothing retained")

    def hikvision(self):
        when = self.now().astimezone(EAST).isoformat(timespec="seconds")
        about = {"ipAddress": "10.0.0.9", "macAddress": "44:19:b6:00:00:09", "channel": "1"}
        for kind, situation in self.situations().items():
            body = {"type": "ruleTarget", "subType": kind, "time": when, "DevInfo": about,
                    "Situation": situation}  # fmt: skip
            self.say("event", {"Metadata": body})
        if self.turn % 40 == 1:
            self.alert("videoloss", "active" if self.defect == "picture lost" else "inactive", 0)
        if self.turn % 4 == 0:
            self.posts += 0 if self.defect == "posts stand still" else 1
            self.alert("loitering", "active", self.posts)

    def situations(self):
        passed = self.turn if self.defect != "totals fall" else 1000 - self.turn
        return {
            "framesPeopleCounting": {"personCount": self.turn % 5},
            "PeopleCounting": {"enterRegionPeopleNum": passed, "leaveRegionPeopleNum": 0},
        }

    def alert(self, kind, state, posts):
        when = self.now().astimezone(EAST).isoformat(timespec="seconds")
        if self.defect == "time without zone":
            when = when[:-6]
        members = {"channelID": "1", "dateTime": when, "activePostCount": posts, "eventType": kind,
                   "eventState": state}  # fmt: skip
        inside = "".join(f"<{name}>{text}</{name}>" for name, text in members.items())
        name = "EventNotificationAlert"
        self.say("event", f'<{name} version="2.0" xmlns="{XML}">{inside}</{name}>')

    def milesight(self):
        zone = UTC if self.defect == "zone told wrong" else EAST
        end = self.now().astimezone(zone)
        times = {"timezone": "UTC+8:00", "start_time": f"{end - timedelta(minutes=1):{DATE}}",
                 "end_time": f"{end:{DATE}}"}  # fmt: skip
        if self.defect == "no zone":
            del times["timezone"]
        total = self.turn % 5
        body = {
            "event": "Region People Counting",
            "report_type": "interval",
            "device_info": {"device_sn": "6757B", "device_mac": "24:E1:24:00:00:09"},
            "time_info": times,
            "current_total": total,
        }
        second = "max_counted" if self.defect == "one key for both" else "Max_counted"
        regions = [total, 1] if self.defect == "regions disagree" else [total]
        most = total - 1 if self.defect == "most is less" else 9
        self.say("report", body | {"max_counted": most})
        self.say("report", body | {second: most, "current_counted": regions})


DATE = "%Y/%m/%d %H:%M:%S"
