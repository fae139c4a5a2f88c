"""The school's plan at work: alarms told to people and authorities, beside the alarm logic."""
