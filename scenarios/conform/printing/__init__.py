"""Conformance of a fire panel's printer behind a serial server."""
