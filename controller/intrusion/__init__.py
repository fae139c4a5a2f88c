"""Intrusion: detectors armed by schedule, verified by each other, and a guard who must answer."""
