"""Access: who may pass which door, where everybody was read last, and who is still inside."""
