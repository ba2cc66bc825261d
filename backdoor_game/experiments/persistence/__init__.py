"""Backdoors that survive further training, and some that do not."""
