"""Floor graph, routing and crowd: an evacuation library without protocols or devices."""
