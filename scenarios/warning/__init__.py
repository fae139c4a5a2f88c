"""How well crowd warnings do: dismissals told by the cameras, judged by the controller."""
