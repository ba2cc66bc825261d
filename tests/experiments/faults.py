"""Faults that are put into the code for the length of a test, and which verdicts fall for them."""

from __future__ import annotations

import dataclasses
import inspect
import textwrap

from backdoor_game.experiments.shared.cells import measure


def mutated(function, old, new, **names):
    """The function with one passage of its source changed; `names` are what the new passage needs beside its module's.

    It is an error for the passage not to stand there exactly once: a fault that is no longer put in would go unseen.
    """
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {function.__qualname__}"
    place = {**function.__globals__, **names}
    exec(compile(source.replace(old, new), inspect.getsourcefile(function), "exec"), place)
    return place[function.__name__]


def fallen(verdicts):
    """The claims that do not hold."""
    return [verdict.claim for verdict in verdicts if not verdict.holds]


def fell(verdicts, *starts):
    """Whether for each start a claim that begins so has fallen; the claims themselves where one has not."""
    claims = fallen(verdicts)
    missing = [start for start in starts if not any(claim.startswith(start) for claim in claims)]
    assert not missing, f"still standing: {missing}; fallen: {claims}"


def in_place_of(control, rounds=1000):
    """`measure` with another defender in every match, and fewer rounds: it ignores who should play."""

    def measured(matches, settings, **shared):
        few = [dataclasses.replace(match, defender=control, rounds=min(match.rounds, rounds)) for match in matches]
        return measure(few, settings, **shared)

    return measured
