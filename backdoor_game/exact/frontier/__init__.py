"""The frontier: which class of a VC dimension, under which distribution, optimal defence loses most on."""

from .extremal import ExtremalClass
from .search import search_classes

__all__ = ["ExtremalClass", "search_classes"]
