"""JUnit XML of runs: one suite per scenario, one case per expectation.

A failure is the product's, an error is the rig's (or a `must` that could not be judged), skipped
is a `should` that was not met or could not be judged: it is reported and breaks no build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from reports.dossier import read_json
from reports.wording import command, number

HASHES = ("journal_sha256", "decisions_sha256", "bytes_sha256")
FACTS = ("site", "seed", "rig", "broker", "verdict", "people", "evacuated", "stranded", "run_dir")


@dataclass(frozen=True, slots=True)
class Suite:
    """One scenario's outcome; `error` tells why the rig failed, "" if it did not."""

    name: str
    expectations: Sequence[Mapping[str, Any]]
    rerun: str
    seconds: float = 0.0
    properties: Mapping[str, str] = field(default_factory=dict)
    error: str = ""

    @classmethod
    def of(cls, run: Path) -> Suite:
        """The suite of a run's folder, finished or not."""
        manifest, metrics = read_json(run / "manifest.json"), read_json(run / "metrics.json")
        both = {**manifest, **metrics}
        failed = not metrics or metrics.get("verdict") == "error"
        inputs = {f"sha256 {name}": str(h) for name, h in (manifest.get("inputs") or {}).items()}
        facts = {key: str(both[key]) for key in (*FACTS, *HASHES) if key in both}
        return cls(
            name=str(both.get("scenario", run.name)),
            expectations=metrics.get("expectations") or (),
            rerun=command(manifest),
            seconds=float(metrics.get("wall_s") or 0.0),
            properties={**facts, **inputs},
            error=str(metrics.get("error") or "the run left no verdict") if failed else "",
        )


def write_junit(path: Path, suites: Iterable[Suite]) -> Path:
    """Write one `<testsuites>` document; the path it was written to."""
    root = ET.Element("testsuites", name="campus-twin")
    for suite in suites:
        root.append(_suite(suite))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(child.get(key, "0")) for child in root)))
    ET.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _suite(suite: Suite) -> ET.Element:
    element = ET.Element("testsuite", name=suite.name, time=f"{suite.seconds:.3f}")
    properties = ET.SubElement(element, "properties")
    for name, value in suite.properties.items():
        ET.SubElement(properties, "property", name=name, value=value)
    if suite.error:
        _mark(_case(element, suite, "rig"), "error", suite.error, "", suite.rerun, "rig")
    elif not suite.expectations:
        why = "nothing is expected, so nothing can pass"
        _mark(_case(element, suite, "verdict"), "error", why, "", suite.rerun, "inconclusive")
    for item in suite.expectations:
        _judge(_case(element, suite, f"{item['id']}: {item['say']}"), item, suite.rerun)
    found = {key: len(element.findall(f"testcase/{key}")) for key in ("failure", "error")}
    element.set("tests", str(len(element.findall("testcase"))))
    element.set("failures", str(found["failure"]))
    element.set("errors", str(found["error"]))
    element.set("skipped", str(len(element.findall("testcase/skipped"))))
    return element


def _case(element: ET.Element, suite: Suite, name: str) -> ET.Element:
    return ET.SubElement(element, "testcase", classname=suite.name, name=name, time="0")


def _judge(case: ET.Element, item: Mapping[str, Any], rerun: str) -> None:
    word, must = str(item.get("verdict")), bool(item.get("must", True))
    if word == "pass":
        return
    unit = str(item.get("unit") or "")
    say = (
        f"{word}: observed {number(item.get('observed'), unit)}, "
        f"limit {number(item.get('limit'), unit)}"
    )
    kind = "skipped" if not must else "failure" if word == "fail" else "error"
    _mark(case, kind, say, _details(item), rerun, word)


def _details(item: Mapping[str, Any]) -> str:
    lines = (f"{key}: {item[key]}" for key in ("say", "clause", "why") if item.get(key))
    return "\n".join(lines)


def _mark(case: ET.Element, kind: str, message: str, details: str, rerun: str, type_: str) -> None:
    mark = ET.SubElement(case, kind, message=message, type=type_)
    mark.text = "\n".join(part for part in (message, details, f"again: {rerun}") if part)
