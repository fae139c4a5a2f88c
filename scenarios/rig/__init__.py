"""The rigs that join twin, devices and controller in one clock."""
