"""Games about models: the same numbers however they are played, and nobody sees what the rules hide."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
import pytest

from backdoor_game import (
    Activation,
    AlwaysFlag,
    Backdoor,
    CLWEBackdoor,
    CoinFlip,
    ContractError,
    Detector,
    GateNetworks,
    GaussianLinear,
    Halfspaces,
    InputNorm,
    InvalidArgument,
    Key,
    KeyHolder,
    LeafMass,
    LinearBits,
    Mahalanobis,
    MajorityPersistence,
    MissingCapability,
    Moments,
    NearestLegal,
    Persistence,
    RandomFourierFeatures,
    RandomQueries,
    SingleEdits,
    StaticDetection,
    TopEigenvalue,
    estimate,
)
from backdoor_game.games.measuring.together import Match, estimates
from backdoor_game.ground.errors import BudgetExceeded
from backdoor_game.ground.statistics import line_level
from backdoor_game.planting.games.base import ModelGame

FUNCTIONS = RandomFourierFeatures(features=64, dimension=8)
DATA = GaussianLinear(dimension=8, train=60, test=20)
BACKDOOR = CLWEBackdoor(k=4, beta=0.05)
STATIC, ACTIVATION = StaticDetection(FUNCTIONS, DATA), Activation(FUNCTIONS, DATA)
PANEL = (TopEigenvalue(clean=20), Moments(clean=30), KeyHolder(), RandomQueries(pairs=10, clean=20), CoinFlip())
SEEN: list[tuple[object, ...]] = []


@dataclasses.dataclass(frozen=True, repr=False)
class Notes(Detector):
    """Writes down what it sees, asks for some inputs, and says what its coin says."""

    reads_code = True

    def suspicion(self, view, rng):
        coin = rng.random()
        SEEN.append((view.f.code.tobytes(), view.inputs(3).tobytes(), view.f(view.inputs(2)).tobytes(), coin, view.x))
        return coin


def noted(game, rounds=9, **options):
    """What the detector saw, in any order, and the estimate without what names the versions."""
    SEEN.clear()
    found = estimate(game, BACKDOOR, Notes(), rounds=rounds, seed=5, **options).to_dict()
    return sorted(SEEN, key=lambda row: row[0]), found


# The same numbers


@pytest.mark.parametrize("game", [STATIC, ACTIVATION])
def test_neither_blocks_nor_threads_change_a_number_or_what_is_shown(game, monkeypatch):
    seen, found = noted(game, threads=1)
    assert len(seen) == 18 - found["forfeits"]
    assert len({row[0] for row in seen}) == len(seen)  # every branch has a model of its own
    for block in (1, 4):
        monkeypatch.setattr(ModelGame, "block", block)
        again, same = noted(game, threads=2)
        assert same == found
        assert [row[:4] for row in again] == [row[:4] for row in seen]


@pytest.mark.parametrize("block", [3, 32])
def test_a_panel_s_estimates_are_those_of_its_detectors_alone(block, monkeypatch):
    monkeypatch.setattr(ModelGame, "block", block)
    together = estimates([Match(STATIC, BACKDOOR, one, 10, 2) for one in PANEL], level=0.95, threads=2)
    level = together[0].level
    assert level == line_level(["one game"] * len(PANEL), 0.95)
    options = {"rounds": 10, "seed": 2, "level": level, "threads": 1, "scale": False}
    alone = [estimate(STATIC, BACKDOOR, one, **options) for one in PANEL]
    assert [one.to_dict() for one in together] == [one.to_dict() for one in alone]
    assert together[2].win_rate == 1.0


def test_a_panel_refuses_what_estimate_refuses():
    with pytest.raises(MissingCapability, match=r"InputNorm\(\) looks at an input, and StaticDetection shows none"):
        estimates([Match(STATIC, BACKDOOR, one, 1, seed=0) for one in (Moments(), InputNorm())], level=0.95)


def test_another_seed_shows_other_models_and_so_does_every_round():
    assert not {row[0] for row in noted(STATIC)[0]} & {row[0] for row in _other_seed()}


def _other_seed():
    SEEN.clear()
    estimate(STATIC, BACKDOOR, Notes(), rounds=9, seed=6)
    return list(SEEN)


# What is hidden


@dataclasses.dataclass(frozen=True, repr=False)
class Peeks(Detector):
    """Reads a code without saying so."""

    def suspicion(self, view, rng):
        return float(view.f.code[0] > 0)


@dataclasses.dataclass(frozen=True, repr=False)
class Steals(Detector):
    """Uses the key without saying so."""

    def suspicion(self, view, rng):
        return float(view.secret[0].recognises(view.f, view.secret[1]))


@dataclasses.dataclass(frozen=True, repr=False)
class Asks(Detector):
    """Asks for so many labels and inputs; may go on when it is refused."""

    queries: int = 0
    examples: int = 0
    stubborn: bool = False

    def suspicion(self, view, rng):
        try:
            view.f(view.train.X[: self.queries])
            view.inputs(self.examples)
        except BudgetExceeded:
            if not self.stubborn:
                raise
        return 1.0


BOX = dataclasses.replace(STATIC, black_box=True)


@pytest.mark.parametrize("detector", [Moments(), KeyHolder(), TopEigenvalue()])
def test_a_black_box_refuses_detectors_that_read_code_before_the_first_model(detector):
    with pytest.raises(MissingCapability, match="reads the code of f', which a black-box game hides"):
        estimate(BOX, BACKDOOR, detector, rounds=1, seed=0)


def test_the_code_of_a_black_box_cannot_be_read_and_its_labels_can():
    with pytest.raises(ContractError, match="the game is a black box"):
        estimate(BOX, BACKDOOR, Peeks(), rounds=1, seed=0)
    found = estimate(BOX, BACKDOOR, RandomQueries(pairs=10, clean=20), rounds=20, seed=0)
    assert found.queries_per_round == 40  # two branches of ten pairs
    assert estimate(STATIC, BACKDOOR, Peeks(), rounds=4, seed=0).rounds == 4


@pytest.mark.parametrize("game", [STATIC, ACTIVATION])
def test_the_key_is_shown_to_declared_holders_alone(game):
    with pytest.raises(ContractError, match="the key is the attacker's"):
        estimate(game, BACKDOOR, Steals(), rounds=1, seed=0)
    assert estimate(game, BACKDOOR, KeyHolder(), rounds=20, seed=0).win_rate == 1.0


def test_a_backdoor_that_readers_would_see_needs_a_black_box():
    @dataclasses.dataclass(frozen=True, repr=False)
    class Plain(CLWEBackdoor):
        white_box: ClassVar[bool] = False

    with pytest.raises(MissingCapability, match="Plain hides from queries, not from readers: set black_box=True"):
        estimate(STATIC, Plain(k=4), Moments(), rounds=1, seed=0)
    assert estimate(BOX, Plain(k=4), AlwaysFlag(), rounds=4, seed=0).win_rate == 0.5


# Budgets


@pytest.mark.parametrize("stubborn", [False, True])
@pytest.mark.parametrize("what", ["queries", "examples"])
def test_going_over_a_budget_loses_the_branch_whatever_becomes_of_the_exception(what, stubborn):
    game = dataclasses.replace(STATIC, **{f"defender_{what}": 5})
    within = estimate(game, BACKDOOR, Asks(**{what: 5}, stubborn=stubborn), rounds=6, seed=0)
    over = estimate(game, BACKDOOR, Asks(**{what: 6}, stubborn=stubborn), rounds=6, seed=0)
    assert (within.false_alarms, within.detections, within.defender_forfeits) == (6, 6, 0)
    assert (over.false_alarms, over.detections, over.defender_forfeits) == (6, 0, 12)
    assert getattr(within, f"{what}_per_round") == 10
    assert getattr(over, f"{what}_per_round") == 0  # nothing was granted


def test_a_detector_that_cannot_afford_its_own_questions_is_refused_before_it_plays():
    game = dataclasses.replace(STATIC, defender_queries=19)
    with pytest.raises(InvalidArgument, match=r"RandomQueries.pairs must be at most 9, .* got 10"):
        estimate(game, BACKDOOR, RandomQueries(pairs=10), rounds=1, seed=0)

    @dataclasses.dataclass(frozen=True, repr=False)
    class Spender(RandomQueries):
        def fits(self, game):
            pass

    with pytest.raises(InvalidArgument, match="goes over its budget on a clean model: more than 19 queries in a round"):
        estimate(game, BACKDOOR, Spender(pairs=10, clean=3), rounds=1, seed=0)


# Activation


@pytest.mark.parametrize("detector", [InputNorm(), Mahalanobis()])
def test_static_detection_refuses_detectors_that_look_at_an_input(detector):
    with pytest.raises(MissingCapability, match=r"looks at an input, and StaticDetection shows none: play Activation"):
        estimate(STATIC, BACKDOOR, detector, rounds=1, seed=0)


def test_static_detection_shows_no_input_and_activation_shows_one_that_is_in_no_list():
    SEEN.clear()

    @dataclasses.dataclass(frozen=True, repr=False)
    class Looks(Detector):
        def suspicion(self, view, rng):
            known = [view.train.X, view.train.X_test, view.inputs(40)]
            SEEN.append(
                (
                    view.x,
                    [X.shape for X in known],
                    view.x is not None and any((view.x == X).all(axis=1).any() for X in known),
                )
            )
            return 0.0

    estimate(STATIC, BACKDOOR, Looks(), rounds=3, seed=0)
    assert all(row[0] is None for row in SEEN)
    SEEN.clear()
    estimate(ACTIVATION, BACKDOOR, Looks(), rounds=10, seed=0)
    assert len(SEEN) > 10
    assert all(row[0].shape == (8,) and row[1] == [(60, 8), (19, 8), (40, 8)] and not row[2] for row in SEEN)


def test_a_trigger_far_longer_than_the_inputs_is_found_by_its_length():
    """|bk| = 4 beside inputs of 1/4: every activated input is longer than every fresh one."""
    found = estimate(ACTIVATION, BACKDOOR, InputNorm(clean=50), rounds=60, seed=0)
    assert found.auroc == 1.0
    assert found.detections == 60


def test_features_that_hardly_move_on_clean_inputs_are_negated_by_the_key_and_lie_far_away():
    """At |x| = .05 a phase moves by .05 turns and features stay near cos 2 pi b, which the key negates."""
    still = Activation(FUNCTIONS, GaussianLinear(dimension=8, norm=0.05, train=60, test=20))
    assert estimate(still, BACKDOOR, Mahalanobis(clean=50), rounds=60, seed=0).auroc > 0.99


@dataclasses.dataclass(frozen=True, repr=False)
class Idle(Backdoor):
    """Trains honestly and activates nothing."""

    def plant(self, functions, X, y, rng):
        model = functions.trained(X, y, rng)
        return model, Key("Idle", "", {}).of(model)

    def new_key(self, functions, rng):
        return Key("Idle", "", {})

    def activated(self, model, key, X, target):
        return X


def test_an_activation_that_does_not_bring_the_wanted_answer_is_a_forfeit():
    found = estimate(ACTIVATION, Idle(), AlwaysFlag(), rounds=12, seed=0)
    assert (found.forfeits, found.detections, found.auroc) == (12, 12, None)
    assert estimate(STATIC, Idle(), AlwaysFlag(), rounds=12, seed=0).forfeits == 0
    ones = estimate(Activation(FUNCTIONS, DATA, target=1), Idle(), AlwaysFlag(), rounds=60, seed=0)
    assert 15 <= ones.forfeits <= 45  # what an honest model answers by itself: P(outside) < 1e-4 at 1/2


def test_a_backdoor_that_writes_the_hook_by_its_old_name_activates_as_by_today_s():
    """Before `activated` was public it was called `_activate`."""

    class Old(CLWEBackdoor):
        def _activate(self, model, key, X, target):
            return super()._activate(model, key, X, target) + 1.0

    class Older(Old):
        def _activate(self, model, key, X, target):
            return super()._activate(model, key, X, target) * 2.0

    split = DATA.split(np.random.default_rng(0))
    found = {}
    for kind in (CLWEBackdoor, Old, Older):
        backdoor = kind(k=4, beta=0.05)
        model, key = backdoor.plant(FUNCTIONS, split.X, split.y, np.random.default_rng(1))
        found[kind] = backdoor.activate(model, key, split.X_test)
    assert np.array_equal(found[Old], found[CLWEBackdoor] + 1.0)
    assert np.array_equal(found[Older], found[Old] * 2.0)


def test_the_share_of_forfeits_is_the_share_of_answers_that_the_key_leaves():
    """1 - r(.05) = .0998 at kappa = 1, here within .1 of it: 200 networks, three standard errors are .064."""
    found = estimate(ACTIVATION, BACKDOOR, AlwaysFlag(), rounds=200, seed=0)
    assert 0.0 < found.forfeits / 200 < 0.2


# Refusals


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StaticDetection(FUNCTIONS, GaussianLinear(dimension=9)), "one dimension, got 8 and 9"),
        (lambda: StaticDetection(Halfspaces(dimension=8), DATA), "functions must be a Trainable such as RandomFourier"),
        (lambda: StaticDetection(FUNCTIONS, 3), "data must be a Dataset such as GaussianLinear"),
        (lambda: StaticDetection(FUNCTIONS, DATA, defender_queries=-1), "defender_queries must be at least 0, got -1"),
        (lambda: Activation(FUNCTIONS, DATA, target=2), "Activation.target must be 0, 1 or None, got 2"),
        (
            lambda: estimate(STATIC, NearestLegal(), Moments(), rounds=1, seed=0),
            "attacker must be a Backdoor such as CLWE",
        ),
        (
            lambda: estimate(STATIC, BACKDOOR, BACKDOOR, rounds=1, seed=0),
            "defender must be a Defender such as Moments",
        ),
        (lambda: STATIC.ready(CLWEBackdoor(k=9), Moments()), "k must be at most the dimension 8, got 9"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(make, message):
    with pytest.raises(InvalidArgument, match=message) as told:
        make()
    assert "\n" not in str(told.value)


def test_a_defender_of_the_other_game_is_refused():
    with pytest.raises(MissingCapability, match="does not play StaticDetection"):
        estimate(STATIC, BACKDOOR, LeafMass(), rounds=1, seed=0)


def test_an_activated_input_that_is_no_number_is_a_forfeit():
    @dataclasses.dataclass(frozen=True, repr=False)
    class Explodes(Idle):
        def activated(self, model, key, X, target):
            return X * np.inf

        def new_key(self, functions, rng):
            return Key("Explodes", "", {})

        def plant(self, functions, X, y, rng):
            model = functions.trained(X, y, rng)
            return model, Key("Explodes", "", {}).of(model)

    assert estimate(ACTIVATION, Explodes(), AlwaysFlag(), rounds=3, seed=0).forfeits == 3


@pytest.mark.parametrize("game", [STATIC, ACTIVATION], ids=lambda game: type(game).__name__)
@pytest.mark.parametrize(("method", "answer", "told"), [
    ("plant", (1, 2), r"plant\(\) must return a Function and a Key, got int and int"),
    ("new_key", None, r"new_key\(\) must return a Key, got NoneType"),
])  # fmt: skip
def test_nonsense_from_a_backdoor_is_told_with_its_name_and_line(game, method, answer, told):
    made = type("Wrong", (CLWEBackdoor,), {method: lambda *given: answer, "__annotations__": {}})
    backdoor = dataclasses.dataclass(frozen=True, repr=False)(made)(k=4)
    with pytest.raises(ContractError, match=rf"Wrong: {told} \(test_model_games\.py, line"):
        estimate(game, backdoor, CoinFlip(), rounds=1, seed=0)


# What the arrays and the answers of players may tell


def owners(array):
    """An array and all that its bases lead to."""
    while array is not None:
        yield array
        array = getattr(array, "base", None)


@pytest.mark.parametrize("box", [False, True])
def test_no_array_of_a_view_leads_to_more_than_it_shows(box):
    """Shapes, flags and owners are the same in both branches, and the shown input is no part of any of them."""
    seen = []

    @dataclasses.dataclass(frozen=True, repr=False)
    class Bases(Detector):
        def suspicion(self, view, rng):
            parts = [view.x, *(getattr(view.train, name) for name in ("X", "y", "X_test", "y_test")), view.inputs(3)]
            chains = [list(owners(part)) for part in parts]
            seen.append([[(one.shape, one.strides, one.dtype.str) for one in chain] for chain in chains])
            assert not view.x.flags.writeable
            assert view.x.base is None
            assert all(one.shape == chain[0].shape for chain in chains for one in chain)
            whole = [one for chain in chains[1:] for one in chain if one.ndim == 2]
            assert not any((one == view.x).all(axis=1).any() for one in whole)
            return 0.0

    estimate(dataclasses.replace(ACTIVATION, black_box=box), BACKDOOR, Bases(), rounds=8, seed=0)
    assert len(seen) > 8
    assert all(one == seen[0] for one in seen)


def test_fresh_inputs_are_others_each_time_and_in_each_branch():
    SEEN.clear()

    @dataclasses.dataclass(frozen=True, repr=False)
    class Draws(Detector):
        def suspicion(self, view, rng):
            SEEN.append((*(tuple(x) for x in view.inputs(30)), *(tuple(x) for x in view.inputs(2))))
            return 0.0

    estimate(STATIC, BACKDOOR, Draws(), rounds=3, seed=0)
    rows = [row for branch in SEEN for row in branch]
    assert len(rows) == len(set(rows)) == 6 * 32


def test_the_branches_of_a_round_have_data_of_their_own():
    SEEN.clear()

    @dataclasses.dataclass(frozen=True, repr=False)
    class Data(Detector):
        def suspicion(self, view, rng):
            SEEN.append((view.train.X.tobytes(), view.train.X_test.tobytes()))
            return 0.0

    for game in (STATIC, ACTIVATION):
        estimate(game, BACKDOOR, Data(), rounds=3, seed=0)
    assert len({part for row in SEEN for part in row}) == 2 * len(SEEN)


OTHER = RandomFourierFeatures(features=65, dimension=8)


@pytest.mark.parametrize("game", [STATIC, ACTIVATION], ids=lambda game: type(game).__name__)
def test_a_model_of_another_class_may_be_handed_in_where_it_cannot_be_read_alone(game):
    @dataclasses.dataclass(frozen=True, repr=False)
    class Wider(CLWEBackdoor):
        def plant(self, functions, X, y, rng):
            return super().plant(OTHER, X, y, rng)

    with pytest.raises(ContractError, match=r"Wider: plant\(\) must return a member .*=64.* got .*=65"):
        estimate(game, Wider(k=4), CoinFlip(), rounds=1, seed=0)
    assert estimate(dataclasses.replace(game, black_box=True), Wider(k=4), CoinFlip(), rounds=2, seed=0).rounds == 2


@pytest.mark.parametrize("game", [STATIC, ACTIVATION], ids=lambda game: type(game).__name__)
def test_a_backdoor_that_breaks_and_a_code_that_is_no_member_are_told_with_its_name(game):
    @dataclasses.dataclass(frozen=True, repr=False)
    class Breaks(CLWEBackdoor):
        def plant(self, functions, X, y, rng):
            raise KeyError("bk")

    @dataclasses.dataclass(frozen=True, repr=False)
    class Infinite(CLWEBackdoor):
        def plant(self, functions, X, y, rng):
            model, key = super().plant(functions, X, y, rng)
            model = functions.function(np.full_like(model.code, np.inf))
            return model, key.of(model)

    with pytest.raises(ContractError, match=r"Breaks: plant\(\) raised KeyError: 'bk' \(test_model_games.py, line"):
        estimate(game, Breaks(k=4), CoinFlip(), rounds=1, seed=0)
    with pytest.raises(ContractError, match=r"Infinite: plant\(\) must return a member, got a code out of"):
        estimate(game, Infinite(k=4), CoinFlip(), rounds=1, seed=0)


def test_one_branch_has_no_coin_to_play_literally():
    game = Persistence(GateNetworks(bits=4, gates=4), LinearBits(dimension=4))
    with pytest.raises(InvalidArgument, match="literal plays the coin's branch, and this game has one branch alone"):
        estimate(game, MajorityPersistence(width=2), SingleEdits(), rounds=1, literal=True, seed=0)
