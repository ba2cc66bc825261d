"""What experiments have in common."""
