"""What cameras of other makes say over MQTT: topics and payloads, both ways, in one place."""
