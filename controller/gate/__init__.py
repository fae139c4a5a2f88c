"""The gate: modes of arrival and dismissal, vehicles, bollards, an attack."""
