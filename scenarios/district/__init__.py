"""A district of emulated schools in real time, and who looks on: each part in its own process."""
