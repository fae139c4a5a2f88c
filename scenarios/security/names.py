"""Names of the files of certificates, and of their folder."""

from __future__ import annotations

CA, SERVER = "ca", "server"
CERTIFICATES = "certificates"
"""Their folder, below that of the accounts."""
