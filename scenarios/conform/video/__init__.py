"""Conformance of GB/T 28181 devices: we are the platform at which they register."""
