"""What a camera makes of the people in front of it."""
