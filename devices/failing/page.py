"""The page docs/devices/faults.md, from the vocabulary: `python -m devices.failing.page`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from controller.interface.kinds import KINDS
from devices.failing.vocabulary import ALIASES, TERMS, TRAITS, Term
from devices.faults import kind_traits, own, way

_HEAD = """# Faults

Written by `python -m devices.failing.page`; a test compares it with the vocabulary.

One vocabulary for both protocols. The first seven words are those of PX4's failure injection. Each
fault has a target (a device or a gateway), a start, a duration and a seed, and at most one amount.

| from | write |
|---|---|
| a scenario | `- {at: 8 s, fault: slow, device: fire-1, delay: 3 s, lasts: 60 s, seed: 7}` |
| the command line | `twin run SCENARIO --fault fire-1:slow=3s:8s:60s#7` \
(device, fault, amount, start, duration, seed) |
| HTTP, while it goes on | `twin run SCENARIO --pace 1 --control 8765`, then `POST /faults` with \
`{"device": "fire-1", "fault": "slow", "delay": "3 s", "lasts": "60 s"}`; `GET /faults` lists what \
stands and every word, `GET /faults/DEVICE` what a device can have, `DELETE /faults/DEVICE/FAULT` \
ends one |
| the emulators alone | `twin devices SITE --fault fire-1:slow=3s:8s:60s#7 --control 8765` |
| `twin serve` | the same under `/api/runs/RUN/faults`, for runs that it started with a pace |

Beside these a kind of device declares faults of its own, on its page; where both have a word, the
kind's holds. What a target cannot have is refused with the reason and the nearest word. Draws hang
on the seed, the target, the word and how often it began: the same run twice is the same. On rigs
`memory` and `wire` decisions and bytes are equal, but for words that only a wire can carry; those
are refused on `memory`.

In lock-step a garbled reply leaves its gateway at the next slice, so that the twin knows how many
whole frames a strict master will have seen; a gateway that has garbled frames keeps a book of what
each master must have received, and knows when a strict one hangs up.

## Networks

The words of the network act on a gateway or on an MQTT device's connection, or with
`device: "at:a.*"` on a building: every gateway and MQTT device whose space matches. Several at once
add up. They mean the same everywhere, and are done in two ways:

- `twin run` on rigs `memory` and `wire`, with `--pace` too: transport time is simulated time
  (a request or reply is held back, a message waits, a connection drops, a will speaks), and the
  same seed gives the same bytes on both rigs.
- `twin devices`, and real gateways in a run: a TCP relay in this process does it to the bytes
  themselves, on the wall clock. It stands in front of whoever `--fault` names, and of everybody
  with `--control`; otherwise nothing is in the way. What is sent into a cut arrives when it heals,
  if the connection has lived that long.

A real device (`real: true`) can have no fault but those of its gateway's network; others are
refused, for they would have to happen inside it. A real MQTT device finds its broker by itself.
"""
_LAYERS = {
    "device": "PX4's words, and frozen", "physical": "Physical", "logic": "Logic",
    "modbus": "Modbus", "mqtt": "MQTT", "network": "Network",
}  # fmt: skip


def page() -> str:
    """The page."""
    return "\n".join([_HEAD, *_tables(), *_other_words()]) + "\n"


def _tables() -> Iterator[str]:
    for layer, terms in groupby(TERMS.values(), key=lambda term: term.layer):
        yield f"## {_LAYERS[layer]}\n"
        yield "| fault | what happens | amount | who can have it |"
        yield "|---|---|---|---|"
        for term in terms:
            yield _row(term)
        yield ""


def _row(term: Term) -> str:
    amount = "" if term.amount is None else f"{term.amount.key}: {term.amount.say}"
    only = f" Only on a wire: {term.wire_only}." if term.wire_only else ""
    kinds = [kind for kind in KINDS if term.name in own(kind) or way(term, kind_traits(kind))]
    everybody = len(kinds) == len(KINDS)
    who = (["gateways"] if "gateway" in term.ways else []) + (
        ["every kind of device"] if everybody else kinds
    )
    return f"| `{term.name}` | {term.say}.{only} | {amount} | {', '.join(who)} |"


def _other_words() -> Iterator[str]:
    yield "## Other words\n"
    yield (
        "Not accepted, but answered with the word to use: "
        + ", ".join(f"{alias} → `{name}`" for alias, name in sorted(ALIASES.items()))
        + ".\n"
    )
    yield "Why something cannot be: " + "; ".join(TRAITS.values()) + "."


if __name__ == "__main__":
    print(page(), end="")
