"""The network between devices and whoever talks to them, and what is wrong with it."""
