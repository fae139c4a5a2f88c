"""Plugins of the embedded broker: the same passwords and access list that Mosquitto is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin

from scenarios.security.accounts import ACL, PASSWORDS, known
from scenarios.security.acl import allows, parse_acl


class Passwords(BaseAuthPlugin):  # type: ignore[misc]
    """Lets in whoever knows a password, under that name and no other client id."""

    @dataclass
    class Config:
        """`folder` holds the files that `Accounts.write` wrote."""

        folder: str = ""

    async def authenticate(self, *, session: Any) -> bool | None:
        """Whether the client may connect."""
        text = (Path(self.config.folder) / PASSWORDS).read_text()
        user = session.username or ""
        return session.client_id == user and known(text, user, session.password or "")


class AccessList(BaseTopicPlugin):  # type: ignore[misc]
    """Reads and writes as the access list says.

    A subscription is taken as Mosquitto takes it: whatever it matches is held against the list when
    it is delivered.
    """

    @dataclass
    class Config:
        """`folder` holds the files that `Accounts.write` wrote."""

        folder: str = ""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._rules = parse_acl((Path(self.config.folder) / ACL).read_text())

    async def topic_filtering(
        self, *, session: Any = None, topic: str | None = None, action: Action | None = None
    ) -> bool | None:
        """Whether a message may be written or delivered."""
        if action is Action.SUBSCRIBE or session is None or topic is None:
            return True
        may = "write" if action is Action.PUBLISH else "read"
        return allows(self._rules, session.username or "", may, topic)
