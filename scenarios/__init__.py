"""Sites, scenarios, expectations, rigs and the command line."""
