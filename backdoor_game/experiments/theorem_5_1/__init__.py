"""Theorem 5.1: who learns a class in polynomial time defends it in polynomial time."""
