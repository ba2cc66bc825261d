"""Kernels for random features."""
