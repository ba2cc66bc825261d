"""What the experiments on planted models claim: bars and verdicts of one level, and verdicts that hold on any seed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from backdoor_game import SeveralEdits, StraightThrough, WeightDecay
from backdoor_game.experiments import delegation
from backdoor_game.experiments.persistence import experiment as persistence
from backdoor_game.experiments.replication import experiment as replication
from backdoor_game.experiments.replication.runs import Obeyed
from backdoor_game.experiments.replication.shown import Replicated
from backdoor_game.experiments.shared.base import FAMILY_LEVEL, Settings
from backdoor_game.experiments.shared.means import mean_interval
from backdoor_game.games.measuring.records import Estimate
from backdoor_game.ground.statistics import clopper_pearson, simultaneous_level

FAMILIES = 12


def test_bars_and_verdict_of_grinding_have_one_level_also_where_experiments_share_it(monkeypatch, tmp_path):
    drawn = []
    monkeypatch.setattr(delegation.figures, "curve_figure", lambda series, *given, **options: drawn.append(series[0]))
    monkeypatch.setattr(delegation.figures, "save", lambda *given: ())
    gains = {n: np.random.default_rng(n).random(40) for n in (1, 2, 4)}
    delegation._draw_grinding(gains, Settings(output=str(tmp_path), families=FAMILIES))
    level = FAMILY_LEVEL ** (1 / (FAMILIES * len(gains)))
    for n, low, high in zip(gains, drawn[0].low, drawn[0].high, strict=True):
        assert (low, high) == pytest.approx(mean_interval(gains[n], level), rel=1e-12)


@pytest.mark.parametrize(
    ("update", "share", "bound"), [(SeveralEdits, 0.93, 0.5), (StraightThrough, 0.93, 0.5), (WeightDecay, 0.5, 0.1)]
)
@pytest.mark.parametrize("families", [1, FAMILIES])
def test_verdicts_about_shares_fail_on_hardly_any_seed(update, share, bound, families):
    """With shares somewhat nearer to the bound than .94 and .56, which 120 and 400 rounds on other seeds gave."""
    rounds = persistence.ROUNDS[update]
    level = simultaneous_level(simultaneous_level(FAMILY_LEVEL, families), 2 * len(persistence.LINES))
    least = min(k for k in range(rounds + 1) if clopper_pearson(k, rounds, level)[0] > bound)
    assert binom.cdf(least - 1, rounds, share) < 1e-4


def test_tries_on_one_model_do_not_count_as_independent_ones():
    """No forgery in 100 models leaves a share of 1 - (alpha / 2)^(1/100) of fresh ones, however many the tries."""

    def nothing(rounds):
        zeros = dict.fromkeys((field for field in Estimate.__dataclass_fields__), 0)
        return Estimate(**{**zeros, "rounds": rounds})

    obeyed = [Obeyed(514, 1, 300, 300, 1, 256.0, 300)]
    spliced, copied = {(514, 1): nothing(40), (1024, 511): nothing(60)}, {(514, 1): nothing(100)}
    found = Replicated([], {}, nothing(1), obeyed, spliced, copied, {}, tries=500, level=0.999)
    told = replication._signature_verdicts(found)[2]
    assert told.holds
    assert told.measured.startswith("0 in 50,000 spliced tries on these 100 models; of fresh models at most 0.073")
    upper = 1 - 0.0005 ** (1 / 100)
    assert upper == pytest.approx(0.0732, abs=1e-4)
