"""Theorem 4.1: both directions, and the phase boundary between them."""
