"""Kernels on and-inverter graphs."""
