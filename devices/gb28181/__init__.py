"""GB/T 28181: cameras on a video platform, over SIP on UDP."""
