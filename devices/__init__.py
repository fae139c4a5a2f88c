"""Emulated field devices with their faults and their MQTT and Modbus endpoints."""

from devices.document import profile_document

__all__ = ["profile_document"]
