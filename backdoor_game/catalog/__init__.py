"""Names to things, and models to files."""

from .names import KINDS, ROOMS, make, offered, problems, refusal, resolve, shipped, status_word

__all__ = [
    "KINDS",
    "ROOMS",
    "make",
    "offered",
    "problems",
    "refusal",
    "resolve",
    "shipped",
    "status_word",
]
