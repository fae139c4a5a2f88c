"""Digest authentication with MD5 (RFC 2617), as SIP uses it (RFC 3261 section 22)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import md5

_PAIR = re.compile(r'([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))')


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks with 401: `qop` "" is the older form without a client's nonce."""

    realm: str
    nonce: str
    opaque: str
    qop: str
    stale: bool


def members(text: str) -> dict[str, str]:
    """The members of a Digest header."""
    return {name.lower(): quoted or plain for name, quoted, plain in _PAIR.findall(text)}


def challenge(header: str) -> Challenge | None:
    """The challenge in a WWW-Authenticate header; None if it is not MD5 digest."""
    scheme, _, rest = header.partition(" ")
    given = members(rest)
    algorithm = given.get("algorithm", "MD5").upper()
    if scheme.lower() != "digest" or algorithm != "MD5" or not given.get("nonce"):
        return None
    offers = [offer.strip() for offer in given.get("qop", "").split(",")]
    qop = "auth" if "auth" in offers else ""
    if offers != [""] and not qop:
        return None
    stale = given.get("stale", "").lower() == "true"
    return Challenge(given.get("realm", ""), given["nonce"], given.get("opaque", ""), qop, stale)


def credentials(
    asked: Challenge, user: str, password: str, method: str, uri: str, cnonce: str
) -> str:
    """The Authorization header that answers a challenge; it is the first use of its nonce."""
    known = f'username="{user}", realm="{asked.realm}", nonce="{asked.nonce}", uri="{uri}"'
    digest = response(asked, user, password, method, uri, cnonce)
    text = f'Digest {known}, response="{digest}", algorithm=MD5'
    if asked.opaque:
        text += f', opaque="{asked.opaque}"'
    return text + (f', qop=auth, nc=00000001, cnonce="{cnonce}"' if asked.qop else "")


def response(asked: Challenge, user: str, password: str, method: str, uri: str, cnonce: str) -> str:
    """The digest itself, 32 hexadecimal digits."""
    secret = _md5(f"{user}:{asked.realm}:{password}")
    what = _md5(f"{method}:{uri}")
    once = f"{asked.nonce}:00000001:{cnonce}:auth" if asked.qop else asked.nonce
    return _md5(f"{secret}:{once}:{what}")


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
