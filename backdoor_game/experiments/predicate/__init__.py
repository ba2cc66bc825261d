"""What a predicate that triggers must satisfy is worth, and what it costs."""
