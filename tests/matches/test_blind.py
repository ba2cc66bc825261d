"""The blind baseline: counted in the rounds of another defender, it is what playing the blind ones would have given."""

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    Attacker,
    BackdoorGame,
    Canonical,
    ChecksumBackdoor,
    Circuits,
    CLWEBackdoor,
    CoinFlip,
    Copycat,
    Defender,
    Delegation,
    DistillationEnsemble,
    FineTuning,
    GaussianElimination,
    GaussianLinear,
    Halfspaces,
    KeepsCoins,
    KeyHolder,
    Moments,
    NearestLegal,
    NoAttack,
    Persistence,
    PixelBackdoor,
    PlantsAnyway,
    PuncturedHybrid,
    PuncturedPRFAttacker,
    RandomFourierFeatures,
    RandomLegal,
    Replication,
    Shattered,
    SigmoidNetworks,
    StaticDetection,
    StructuralDefender,
    Thresholds,
    Uniform,
    UnitCube,
    Update,
    estimate,
)

THRESHOLDS = BackdoorGame(Thresholds(points=10), 0.2, Uniform())


@dataclasses.dataclass(frozen=True)
class Breaks(Attacker):
    """Of three rounds one has an f outside the class, one a plant outside it and one a legal plant or none."""

    def choose(self, view, rng):
        functions = view.game.functions
        code = functions.sample(rng)
        return functions.function(np.full_like(code, 99) if rng.random() < 1 / 3 else code)

    def plant(self, view, rng):
        functions = view.game.functions
        if rng.random() < 0.5:
            return functions.function(np.full_like(view.f.code, 99))
        near = [functions.function(code) for code in functions.enumerate()]
        return next((g for g in near if view.legal(g)), None)


@dataclasses.dataclass(frozen=True)
class AtEpsilon(Attacker):
    """A plant right at epsilon, where a distance that is only measured cannot be told from an illegal one."""

    def choose(self, view, rng):
        return view.game.functions.function(np.array([1.0, 0.0, -0.5]))

    def plant(self, view, rng):
        moved = 0.25 if view.x_star[0] < 0.5 else 0.75
        return view.game.functions.function(np.array([1.0, 0.0, -moved]))


@dataclasses.dataclass(frozen=True)
class Greedy(Defender):
    """Goes over its budget in half of the rounds."""

    def suspicion(self, view, rng):
        view.examples(9 if rng.random() < 0.5 else 1)
        return 1.0


@dataclasses.dataclass(frozen=True)
class Leaves(Update):
    """Does nothing."""

    def updated(self, model, X, y, rng):
        return model


FEATURES = RandomFourierFeatures(features=32, dimension=8)
DATA = GaussianLinear(dimension=8, train=60, test=40)
GAMES = {
    "forfeits": (THRESHOLDS, NearestLegal(), DistillationEnsemble(), 900),
    "all forfeits": (THRESHOLDS, NoAttack(), CoinFlip(), 300),
    "no forfeits": (BackdoorGame(AllFunctions(points=4), 0.25), Shattered(), CoinFlip(), 500),
    "illegal f and plants": (THRESHOLDS, Breaks(), CoinFlip(), 150),
    "undecided": (BackdoorGame(Halfspaces(dimension=2), 0.25, UnitCube()), AtEpsilon(), CoinFlip(), 60),
    "over budget": (dataclasses.replace(THRESHOLDS, defender_examples=3), RandomLegal(), Greedy(), 300),
    "static detection": (StaticDetection(FEATURES, DATA), CLWEBackdoor(k=4), Moments(), 30),
    "a delegate that plants": (Delegation(FEATURES, DATA), PlantsAnyway(CLWEBackdoor(k=4)), KeyHolder(), 20),
    "an honest delegate": (Delegation(FEATURES, DATA), KeepsCoins(CLWEBackdoor(k=4)), KeyHolder(), 20),
    "punctured hybrid": (
        PuncturedHybrid(Circuits(bits=4, gates=300)), PuncturedPRFAttacker(4, Canonical()),
        StructuralDefender(), 60,
    ),
}  # fmt: skip
COUNTED = ("win_rate", "low", "high")


def test_the_games_have_what_they_are_named_for():
    found = {name: estimate(*match, rounds=rounds, seed=3) for name, (*match, rounds) in GAMES.items()}
    assert 0 < found["forfeits"].forfeits < 900
    assert found["all forfeits"].forfeits == 300
    assert found["no forfeits"].forfeits == 0
    assert 0 < found["illegal f and plants"].illegal < 150
    assert 0 < found["undecided"].undecided < 60
    assert found["over budget"].defender_forfeits > 0
    assert found["an honest delegate"].forfeits == 20


@pytest.mark.parametrize("mode", ["both branches", "literal", "adaptive"])
@pytest.mark.parametrize("name", GAMES)
def test_the_baseline_is_what_the_better_of_both_blind_defenders_wins_when_it_plays(name, mode):
    game, attacker, defender, rounds = GAMES[name]
    options = {"rounds": rounds, "seed": 3, "literal": mode == "literal", "scale": False}
    if mode == "adaptive":
        options["half_width"] = 0.4  # reached at the first look or never: all play as many rounds
    scale = estimate(game, attacker, defender, **options).scale
    blind = {player: estimate(game, attacker, player, **options) for player in (AlwaysClean(), AlwaysFlag())}
    rates = {type(player).__name__: found.win_rate for player, found in blind.items()}
    assert scale.blind == max(rates.values()) == rates[scale.blind_player]
    best = next(found for player, found in blind.items() if type(player).__name__ == scale.blind_player)
    if mode == "literal":  # the interval is for the better of two
        assert scale.blind_low <= best.low <= best.high <= scale.blind_high
    else:
        assert (scale.blind_low, scale.blind_high) == (best.low, best.high)


def test_where_both_branches_count_always_flag_wins_no_more_than_always_clean():
    """Round by round: a clean branch is lost where an f is shown, and where none is the attacker has lost the round."""
    for game, attacker, _, rounds in GAMES.values():
        clean, flag = (
            estimate(game, attacker, player, rounds=rounds, seed=5, scale=False)
            for player in (AlwaysClean(), AlwaysFlag())
        )
        assert flag.win_rate <= clean.win_rate
        assert clean.scale.blind_player == "AlwaysClean"


def test_in_the_literal_game_always_flag_is_the_better_one_where_the_coin_says_so():
    """Without a forfeit always-flag wins the rounds whose coin shows the planted branch, always-clean the others."""
    game, attacker, defender, rounds = GAMES["no forfeits"]
    seen = {}
    for seed in range(12):
        found = estimate(game, attacker, defender, rounds=rounds, seed=seed, literal=True, scale=False)
        flagging = estimate(game, attacker, AlwaysFlag(), rounds=rounds, seed=seed, literal=True, scale=False)
        heads = round(flagging.win_rate * rounds)
        assert found.scale.blind == max(heads, rounds - heads) / rounds
        seen[found.scale.blind_player] = True
        assert (found.scale.blind_player == "AlwaysFlag") == (2 * heads > rounds)
    assert set(seen) == {"AlwaysClean", "AlwaysFlag"}


def test_a_user_that_does_nothing_wins_the_baseline_of_a_game_of_one_branch():
    """A pixel that is learnt from few examples is at times no backdoor: those rounds are forfeits."""
    models = SigmoidNetworks(4, 6, epochs=4)
    game = Persistence(models, GaussianLinear(6, train=40, test=20), alive=0.5, dead=0.1)
    attacker = PixelBackdoor(pixels=(1, 3))
    found = estimate(game, attacker, FineTuning(), rounds=24, seed=2)
    idle = estimate(game, attacker, Leaves(), rounds=24, seed=2)
    assert 0 < idle.forfeits < 24
    assert idle.win_rate == idle.forfeit_share
    assert (found.scale.blind, found.scale.blind_low, found.scale.blind_high) == (idle.win_rate, idle.low, idle.high)
    assert found.scale.blind_player == "DoesNothing"


def test_a_forger_that_copies_wins_the_baseline_of_replication_and_it_is_nothing():
    data = GaussianLinear(dimension=24, norm=None, train=20, test=60)
    game = Replication(RandomFourierFeatures(features=4, dimension=24), data, black_box=True, examples=6)
    attacker = ChecksumBackdoor(blocks=4)
    found = estimate(game, attacker, GaussianElimination(), rounds=20, seed=2)
    copied = estimate(game, attacker, Copycat(), rounds=20, seed=2)
    assert found.scale.blind == copied.win_rate == 0
    assert (found.scale.blind_low, found.scale.blind_high) == (copied.low, copied.high)


def test_by_hand_half_of_the_clean_branches_and_of_what_is_given_up():
    found = estimate(THRESHOLDS, NearestLegal(), CoinFlip(), rounds=777, seed=1, scale=False)
    assert found.scale.blind == pytest.approx((1 + found.forfeits / 777) / 2, abs=1e-12)
    assert found.scale.blind > 0.5  # what it would be with the forfeits dropped
    nobody = estimate(THRESHOLDS, NoAttack(), CoinFlip(), rounds=777, seed=1, scale=False)
    assert nobody.scale.blind == 1  # what it would not be for another attacker
