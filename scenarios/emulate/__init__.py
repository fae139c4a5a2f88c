"""The emulators alone, in real time, for somebody else's controller."""
