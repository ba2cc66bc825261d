"""Sparse spikes in random ReLU features, and who sees them."""
