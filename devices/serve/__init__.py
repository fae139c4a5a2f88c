"""Protocol servers: real sockets in front of the emulated devices."""
