"""Theorem 5.3: defendable without being learnable, for D uniform, and what becomes of it where D is open."""
