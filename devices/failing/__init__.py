"""What goes wrong with devices, gateways and connections: one vocabulary, one module per layer."""
