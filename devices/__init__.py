"""Emulated field devices with their faults and their MQTT and Modbus endpoints."""
