"""Ground truth and time of the simulated campus: the only user of SimPy."""
