"""The safety case: invariants judged on ground truth over random timelines, and what kills them."""
