"""XML and JSON from the network: bounded in size, and never an exception."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

MOST_BYTES = 65_536
"""More than any message that we know; a longer one is not read at all."""


class Unreadable(ValueError):  # noqa: N818 - a finding about bytes, caught where they come in
    """Bytes that are not what they should be, and why."""


def xml_root(payload: bytes) -> ElementTree.Element:
    """The root of an XML document without namespaces; Unreadable otherwise.

    Declarations of entities are refused: they can blow a small document up without end. GB2312,
    which says less than the GBK that is really sent, is read as GB18030.
    """
    if len(payload) > MOST_BYTES:
        raise Unreadable(f"{len(payload)} bytes are more than {MOST_BYTES}")
    if b"<!" in payload:
        raise Unreadable("a document type or entity is declared")
    try:
        root = ElementTree.fromstring(_text(payload))
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise Unreadable(f"not XML: {error}") from None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def json_object(payload: bytes) -> dict[str, Any]:
    """The members of a JSON object; Unreadable otherwise."""
    if len(payload) > MOST_BYTES:
        raise Unreadable(f"{len(payload)} bytes are more than {MOST_BYTES}")
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from None
    if type(body) is not dict:
        raise Unreadable("not a JSON object")
    return body


def inner(body: Any, *keys: str) -> Any:
    """What stands under keys in objects within objects; Unreadable if it does not."""
    for key in keys:
        if type(body) is not dict or key not in body:
            raise Unreadable(f"{key!r} is missing")
        body = body[key]
    return body


def whole(value: Any, name: str) -> int:
    """A count, also when it is written as a text; Unreadable for anything else."""
    if type(value) is str and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    if type(value) is int and 0 <= value < 10**9:
        return value
    raise Unreadable(f"{name} is {value!r:.40}, not a count")


def truth(value: Any, name: str) -> bool:
    """True or false, also as a text or as 1 and 0; Unreadable for anything else."""
    word = value.lower() if type(value) is str else value
    if word in ("true", "1", True) and type(word) in (str, bool, int):
        return True
    if word in ("false", "0", False) and type(word) in (str, bool, int):
        return False
    raise Unreadable(f"{name} is {value!r:.40}, not true or false")


def _text(payload: bytes) -> str:
    head = payload[:100].lower()
    gb = b"gb2312" in head or b"gbk" in head or b"gb18030" in head
    text = payload.decode("gb18030" if gb else "utf-8")
    return text[text.index("?>") + 2 :] if text.lstrip().startswith("<?xml") else text
