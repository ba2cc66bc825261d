"""Each verdict of theorem-4.1-lower and -phase falls for a control: another player in the place of the one it is about."""

from __future__ import annotations

import pytest

from backdoor_game import AlwaysClean, AlwaysFlag, CoinFlip, KeyHolder, NearestLegal, Shattered, bounds
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.theorem_4_1 import lower, phase
from backdoor_game.experiments.theorem_4_1.phase import CLEAN, VOTERS


def failing(module, folder):
    """The numbers of the verdicts that fall."""
    told = module.run(Settings(output=str(folder), threads=1)).verdicts
    return {i for i, verdict in enumerate(told) if not verdict.holds}
