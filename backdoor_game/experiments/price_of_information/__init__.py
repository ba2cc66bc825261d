"""What it is worth to see more of (f', x'), and what learners make of what they see."""
