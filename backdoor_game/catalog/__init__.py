"""Names to things, and models to files."""

from ..ground.lookup import made
from .names import KINDS, ROOMS, make, offered, problems, read, refusal, resolve, shipped, status_word

__all__ = [
    "KINDS",
    "ROOMS",
    "made",
    "make",
    "offered",
    "problems",
    "read",
    "refusal",
    "resolve",
    "shipped",
    "status_word",
]
