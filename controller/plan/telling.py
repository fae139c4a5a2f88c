"""What notices and reports say, as JSON: places, devices, roles and times, never a name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from controller.image import Image
from controller.interface.points import Quality
from controller.plan.case import Case
from controller.plan.values import Plan, Report


def alarm(plan: Plan, site: str, case: Case, began_ms: int, image: Image) -> str:
    """An alarm: what, where, when; of a button also the camera and its clip.

    `began_ms`: ms since 1970 at time 0 of the scan clock; 0 under a twin.
    """
    incident = plan.incidents[case.incident]
    when_ms = began_ms + case.since_ms
    said = _head("alarm", site, case, incident.say, plan)
    camera = plan.cameras.get(case.source, "")
    if camera:
        said["camera"] = camera
        said["camera_heard"] = _heard(camera, image)
        said["clip"] = {
            "from_ms": when_ms - incident.clip_ms, "to_ms": when_ms,
            "path": f"/cameras/{camera}/clip?t_ms={when_ms}&before_s={incident.clip_ms / 1000:g}",
        }  # fmt: skip
    return _json(said | {"when_ms": when_ms})


def clear(plan: Plan, site: str, case: Case, notice: str, by: str, when_ms: int) -> str:
    """What was told as an alarm was none."""
    said = _head("clear", site, case, plan.incidents[case.incident].say, plan)
    return _json(said | {"id": notice, "of": case.notice, "by": by, "when_ms": when_ms})


def report(
    plan: Plan, site: str, case: Case, rule: Report, notice: str, now: int, began_ms: int,
    evidence: tuple[int, str],
) -> str:  # fmt: skip
    """A report to authorities: what, where, when, who confirmed, measures, and the evidence.

    `evidence` is the number of the journal's last record and the head of its chain.
    """
    said = _head("report", site, case, plan.incidents[case.incident].say, plan)
    confirmed = {"by": case.confirmed, "when_ms": began_ms + case.confirmed_ms}
    number = case.reported.get(rule.id, 0) + 1
    return _json(
        said
        | {
            "id": notice, "of": case.notice, "report": rule.id,
            "issue": "first" if number == 1 else "follow-up",
            "when_ms": began_ms + case.since_ms, "written_ms": began_ms + now,
            "confirmed": confirmed if case.confirmed else None, "closed": case.closed,
            "measures": [[began_ms + t_ms, text] for t_ms, text in case.measures],
            "evidence": {"record": evidence[0], "head": evidence[1]},
        }
    )  # fmt: skip


def _head(kind: str, site: str, case: Case, say: str, plan: Plan) -> dict[str, Any]:
    return {
        "v": 1, "kind": kind, "id": case.notice, "site": site, "incident": case.incident,
        "say": say, "source": case.source, "where": plan.places.get(case.source, ""),
        "drill": case.drill,
    }  # fmt: skip


def _heard(camera: str, image: Image) -> bool:
    """Whether the controller hears a camera: of one that is lost there may be no clip."""
    found = [s for name, s in image.samples.items() if name.partition(".")[0] == camera]
    return any(sample.quality is Quality.GOOD for sample in found)


def _json(said: Mapping[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
