"""Conformance of cameras that speak over MQTT in their makers' words."""
