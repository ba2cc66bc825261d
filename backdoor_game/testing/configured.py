"""Checks of whatever is configured: that its spec and its pickle are the thing itself."""

from __future__ import annotations

import pickle

from ..catalog import resolve
from ..spec import parse, text
from .results import NothingToCheck, demand
from .subjects import Subject, forms


def spec_reads_back(subject: Subject) -> None:
    """Its text, as typed and as prepared, is read by `spec.parse` as an equal thing with the same text."""
    for thing in forms(subject):
        if type(thing).__module__ == "__main__":
            raise NothingToCheck("it is defined in __main__, which no spec can name: put it in a file")
        written = text(thing)
        again = parse(written, resolve)
        demand(again == thing and hash(again) == hash(thing), f"{written[:200]} reads back as another thing")
        demand(text(again) == written, f"{written[:200]} reads back as {text(again)[:200]}")


def pickle_is_equal(subject: Subject) -> None:
    """It survives pickling, as typed and as prepared; the pickle is read in this process, not in another."""
    for thing in forms(subject):
        again = pickle.loads(pickle.dumps(thing))
        equal = type(again) is type(thing) and again == thing and hash(again) == hash(thing)
        demand(equal, f"{text(thing)[:200]} comes back from its pickle as another thing")


CHECKS = (spec_reads_back, pickle_is_equal)
