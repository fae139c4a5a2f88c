"""Links to the field: Modbus and MQTT clients and the granted clock."""
