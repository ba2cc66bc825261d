"""Kernels on decision trees in prefix order."""
