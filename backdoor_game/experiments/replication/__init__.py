"""What activated inputs give away."""
