"""Defenders that look at nothing: what they win in rounds that were played with another, by counting."""

from __future__ import annotations

import numpy as np

from .tally import Tally


def always_clean(tally: Tally) -> Tally:
    """The scores and wins of `AlwaysClean` in these rounds: the clean branch, and what the attacker gave up.

    In a game of one branch these are what a defender wins that does nothing.
    """
    n, given_up, unsure = tally.rounds, tally.forfeits + tally.illegal, tally.undecided
    coin = n - tally.first.planted + tally.first.given_up
    return Tally(
        rounds=n,
        detections=given_up,
        undecided_detections=unsure,
        scores_low=np.array([0, n - given_up, given_up]),
        scores_high=np.array([0, n - given_up - unsure, given_up + unsure]),
        coin_wins_low=coin,
        coin_wins_high=coin + tally.first.undecided,
    )


def always_flag(tally: Tally) -> Tally:
    """The scores and wins of `AlwaysFlag` in these rounds: the planted branch, and clean ones that showed no f."""
    n, unshown, unsure = tally.rounds, tally.unshown, tally.undecided
    coin = tally.first.planted + tally.first.unshown
    return Tally(
        rounds=n,
        false_alarms=n - unshown,
        detections=n - unsure,
        undecided_detections=unsure,
        scores_low=np.array([unsure, n - unshown - unsure, unshown]),
        scores_high=np.array([0, n - unshown, unshown]),
        coin_wins_low=coin - tally.first.undecided,
        coin_wins_high=coin,
    )
