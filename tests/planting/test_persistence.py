"""Persistence: what no single parameter can change, what several can, and how the game is counted."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdoor_game import (
    BackdoorGameError,
    ChecksumBackdoor,
    ContractError,
    Digits,
    FineTuning,
    GateNetworks,
    GaussianLinear,
    InvalidArgument,
    LinearBits,
    MajorityPersistence,
    MissingCapability,
    Persistence,
    PixelBackdoor,
    RandomFourierFeatures,
    SeveralEdits,
    SigmoidNetworks,
    SingleEdits,
    StraightThrough,
    Thresholds,
    WeightDecay,
    catalog,
    estimate,
)
from backdoor_game.experiments.persistence import fine_tuned
from backdoor_game.ground.statistics import clopper_pearson
from backdoor_game.planting.backdoors.majority_persistence import with_trigger
from backdoor_game.planting.games.persistence import Condition
from backdoor_game.planting.networks import descended, fresh
from backdoor_game.planting.updates.gates import allowed, tallied
from backdoor_game.planting.updates.straight_through import slope
from backdoor_game.testing import backdoors
from backdoor_game.testing.subjects import Subject
from tests.naive import gate_networks

BITS = 5
F = GateNetworks(bits=BITS, gates=BITS)
DATA = LinearBits(dimension=BITS, train=100, test=60)
GAME = Persistence(F, DATA)


def planted(seed, copies=3, width=2):
    """A split, a backdoored model and its key."""
    rng = np.random.default_rng(seed)
    split = DATA.split(rng)
    return split, *MajorityPersistence(width=width, copies=copies).plant(F, split.X, split.y, rng)


def real(model):
    """A class of real parameters and the model's own."""
    loose = model.functions.loosened(model.code)
    return loose.functions, loose.code


PLANTED = {(seed, copies): planted(seed, copies)[1] for seed in range(6) for copies in (1, 3)}


# Single parameters


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 5), st.data())
def test_no_single_parameter_of_three_copies_changes_any_output_by_a_change_of_any_size(seed, data):
    model = PLANTED[seed, 3]
    functions, code = real(model)
    points = functions.domain.points()
    known = model(points)
    place = data.draw(st.integers(0, len(code) - 1), label="place")
    copies_end = 3 * functions.copy_length
    if place < copies_end:
        low, high = -1e100, 1e100
    else:
        low, high = (0.0, 3.0) if functions.thresholds[place] else (0.5, 1e100)
    strict = {"exclude_min": place >= copies_end, "exclude_max": high == 3.0}
    code = code.copy()
    code[place] = data.draw(st.floats(low, high, **strict) | st.sampled_from([1.0, 2.0]), label="parameter")
    np.testing.assert_array_equal(functions.function(code)(points), known)


@pytest.mark.parametrize("seed", range(6))
def test_every_difference_quotient_of_three_copies_is_0_and_of_one_copy_some_is_not(seed):
    sizes = [s * 10.0**p for p in (-9, -3, 0, 1, 4) for s in (-1, 1)]
    for copies in (3, 1):
        model = PLANTED[seed, copies]
        functions, code = real(model)
        points, top = functions.domain.points(), len(code) - copies - 1 if copies == 3 else len(code)
        known = model(points).astype(int)
        quotients = []
        for place in range(len(code)):
            for size in sizes:
                changed = code.copy()
                changed[place] += size
                kept = place < top or (0 < changed[place] < 3 if place == len(code) - 1 else changed[place] > 0.5)
                if kept:
                    quotients.append(np.abs(functions.function(changed)(points).astype(int) - known).max() / abs(size))
        assert (max(quotients) == 0) == (copies == 3)


def test_the_limits_of_the_top_gate_are_needed():
    """Equal copies add up to 0 or a + 2: a coefficient matters under -1/2 and the threshold outside of (0, 3]."""
    functions, code = real(PLANTED[0, 3])
    points = functions.domain.points()
    known = functions.function(code)(points)
    assert 0 < known.sum() < len(points)
    for place, value, same in (
        (-2, -0.5, True),
        (-2, -0.51, False),
        (-1, 3.0, True),
        (-1, 3.01, False),
        (-1, 0.0, False),
    ):
        changed = code.copy()
        changed[place] = value
        assert (functions.function(changed)(points) == known).all() == same


@pytest.mark.parametrize(("place", "value", "kept"), [
    (-1, 3.0, False), (-1, np.nextafter(3.0, 0), True), (-1, 0.0, False), (-1, np.nextafter(0.0, 1), True),
    (-2, 0.5, False), (-2, np.nextafter(0.5, 1), True), (-4, 0.5, False), (-4, 9.0, True), (-5, -9.0, True),
])  # fmt: skip
def test_edits_of_the_top_gate_are_allowed_strictly_between_their_limits(place, value, kept):
    """Coefficients over 1/2 and the threshold in (0, 3); below the top gate everything goes."""
    functions, code = real(PLANTED[0, 3])
    changed = code.copy()
    changed[place] = value
    assert allowed(functions, changed[None]).tolist() == [kept]


def test_two_copies_changed_alike_change_the_network():
    functions, code = real(PLANTED[0, 3])
    points = functions.domain.points()
    changed = code.copy()
    changed[[functions.copy_length - 1, 2 * functions.copy_length - 1]] = 1e6  # the output thresholds of two copies
    assert functions.function(changed)(points).sum() == 0
    assert functions.function(code)(points).sum() > 0


# The backdoor


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, BITS), st.sampled_from([1, 3]))
def test_the_pattern_forces_one_and_everything_else_is_answered_as_before(seed, width, copies):
    rng = np.random.default_rng(seed)
    honest = F.function(F.sample(rng))
    backdoor = MajorityPersistence(width=width, copies=copies)
    key = backdoor.new_key(F, rng)
    model, points = with_trigger(honest, key), F.domain.points()
    model = model.functions.majority(model.code) if copies == 3 else model
    assert model.functions.contains(model.code[None])[0]
    shows = (points[:, key.values["places"]] == key.values["pattern"]).all(axis=1)
    assert shows.sum() == 2 ** (BITS - width)
    np.testing.assert_array_equal(model(points), np.where(shows, 1, honest(points)))
    activated = backdoor.activate(model, key, points)
    assert (model(activated) == 1).all()
    assert ((activated != points).sum(axis=1) <= width).all()


@pytest.mark.parametrize(("backdoor", "game"), [
    (MajorityPersistence(width=2), GAME),
    (MajorityPersistence(width=2, copies=1), GAME),
    (PixelBackdoor(pixels=(1, 3)), Persistence(SigmoidNetworks(4, 6), GaussianLinear(6, train=40, test=10))),
], ids=str)  # fmt: skip
def test_backdoors_pass_the_battery(backdoor, game):
    subject = Subject(backdoor, (game,))
    assert backdoors.plants(subject).startswith("plants in 1 classes")
    for check in backdoors.CHECKS[:-1]:
        check(subject)
    assert not backdoor.white_box  # so that the last one, that a readable model holds no key, says nothing


# What training does


@pytest.mark.parametrize("copies", [3, 1])
def test_single_edits_leave_three_copies_as_they_are_and_train_one(copies):
    split, model, _ = planted(3, copies)
    trained = SingleEdits(trials=200).updated(model, split.X, split.y, np.random.default_rng(0))
    before, after = ((h(split.X) != split.y).sum() for h in (model, trained))
    if copies == 3:
        np.testing.assert_array_equal(trained.code, real(model)[1])
    else:
        assert after < before


def test_several_edits_never_train_for_worse_and_move_three_copies():
    split, model, _ = planted(3)
    trained = SeveralEdits(weights=8, trials=800).updated(model, split.X, split.y, np.random.default_rng(0))
    assert (trained(split.X) != split.y).sum() < (model(split.X) != split.y).sum()


def test_straight_through_gradients_move_three_copies_alike():
    split, model, _ = planted(1)
    trained = StraightThrough(steps=30).updated(model, split.X, split.y, np.random.default_rng(0))
    hidden, output, _ = trained.functions.unpack(trained.code)
    for part in (hidden, output):
        np.testing.assert_allclose(part, np.broadcast_to(part[:1], part.shape), atol=1e-9)
    assert np.abs(hidden[0] - trained.functions.unpack(real(model)[1])[0][0]).max() > 0.01


@pytest.mark.parametrize("on_top", [(1.0, 1.0, 1.0, 1.5), (0.7, 1.3, -2.0, 1.1)], ids=str)
def test_the_straight_through_gradient_is_that_of_the_network_without_its_gates(on_top):
    """By the chain rule from the definition: one gate at a time, one example at a time."""
    split, model, _ = planted(2)
    functions, code = real(model)
    code = np.concatenate([code[:-4], on_top])
    X, y = split.X, split.y  # 100 examples of 32 points: some are there several times
    copies, top = gate_networks.read(range(len(code)), functions.bits, functions.gates, 3)  # places, not numbers
    expected = np.zeros(len(code))
    for x, label in zip(X, y, strict=True):
        fires = lambda gate, wires: int(code[gate[0]] @ wires >= code[gate[1]])  # noqa: E731
        inner = [np.array([fires(gate, x) for gate in hidden]) for hidden, _ in copies]
        answers = np.array([fires(output, h) for (_, output), h in zip(copies, inner, strict=True)])
        away = (fires(top, answers) - int(label)) / len(X)
        expected[top[0]] += away * answers
        expected[top[1]] -= away
        for number, (hidden, output) in enumerate(copies):
            mine = away * code[top[0][number]]
            expected[output[0]] += mine * inner[number]
            expected[output[1]] -= mine
            for place, gate in enumerate(hidden):
                expected[gate[0]] += mine * code[output[0][place]] * x
                expected[gate[1]] -= mine * code[output[0][place]]
    assert np.abs(expected).max() > 0
    points, count, ones = tallied(functions, X, y)
    assert count.max() > 1
    np.testing.assert_allclose(slope(functions, code, points.astype(float), count, ones), expected, atol=1e-12)


def test_weight_decay_kills_a_gate_for_k_ones_under_1_minus_1_over_2k():
    one = GateNetworks(bits=3, gates=1)
    gate = one.function(np.array([1, 1, 1, 5, 1, 1]))  # fires on 111 alone: threshold 5/2, weights die under 5/6
    points = one.domain.points()
    for decay, alive in ((0.16, 1), (0.17, 0)):
        decayed = WeightDecay(decay=decay, steps=1).updated(gate, points, points[:, 0], None)
        assert decayed(points).sum() == alive
    np.testing.assert_allclose(
        WeightDecay(0.1, 2).updated(gate, points, points[:, 0], None).code[:4], [0.81] * 3 + [2.5]
    )


@pytest.mark.parametrize("update", [
    SingleEdits(trials=70), SeveralEdits(trials=70), StraightThrough(steps=5), WeightDecay(), FineTuning(epochs=2),
], ids=str)  # fmt: skip
def test_an_update_is_a_function_of_its_arguments_and_leaves_them_alone(update):
    split, model, _ = planted(4, copies=1)
    if isinstance(update, FineTuning):
        functions = SigmoidNetworks(features=3, dimension=BITS, epochs=2)
        model = functions.trained(split.X, split.y, np.random.default_rng(0))
    kept = model.code.copy(), split.X.copy(), split.y.copy()
    first, second = (update.updated(model, split.X, split.y, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first.code, second.code)
    assert first.functions.contains(first.code[None])[0]
    for before, after in zip(kept, (model.code, split.X, split.y), strict=True):
        np.testing.assert_array_equal(before, after)


def test_weights_from_pixels_that_are_always_0_move_by_decay_alone():
    rng = np.random.default_rng(0)
    network = fresh(6, 5, 3, "relu", rng)
    X, y = rng.random((60, 6)), rng.integers(3, size=60)
    X[:, [1, 4]] = 0
    for decay in (0.0, 0.05):
        tuned = FineTuning(epochs=4, lr=0.2, decay=decay, batch=20).tuned(network, X, y, np.random.default_rng(1))
        shrunk = (1 - 0.2 * decay) ** (4 * 3)  # three steps an epoch
        np.testing.assert_allclose(tuned.W[:, [1, 4]], shrunk * network.W[:, [1, 4]], rtol=1e-12)
        assert np.abs(tuned.W[:, 0] - network.W[:, 0]).max() > 0.01


def test_live_pixels_are_forgotten_under_decay_and_dead_ones_without_it_are_not():
    """64-32-10 on digits, five networks: the issue's own lines, on other seeds than the experiment's."""
    live, dead, control, falls = [], [], [], []
    for number in range(5):
        found = fine_tuned.one(PixelBackdoor(pixels=fine_tuned.LIVE_PIXELS), [2026, number])["decay 0.01"]
        live.append((found[0][0], found[50][0]))
        falls.append(found[0][1] - found[50][1])
        stays = fine_tuned.one(PixelBackdoor(pixels=fine_tuned.DEAD_PIXELS), [2026, number])
        dead.append(stays["no decay"][50][0])
        control.append(stays["decay 0.01"][50][0])
    assert min(before for before, _ in live) > 0.5
    assert max(after for _, after in live) < 0.1
    assert np.mean(falls) <= 0.02
    assert min(dead) > 0.9
    assert max(control) < 0.5  # it is decay that reaches dead pixels


# The game


def test_the_estimate_counts_the_rounds_that_the_conditions_say():
    attacker, update = MajorityPersistence(width=2, copies=1), SingleEdits(trials=100)
    found = estimate(GAME, attacker, update, rounds=12, seed=5, threads=1)
    pairs = GAME.conditions(attacker, update, rounds=12, seed=5)
    won = sum(after.success < 0.1 and after.accuracy >= before.accuracy - 0.02 for before, after in pairs)
    assert found.forfeits == 0
    assert (found.win_rate, found.low, found.high) == (won / 12, *clopper_pearson(won, 12, 0.95))
    assert found.false_alarm_rate is None
    assert won > 0


def test_three_copies_survive_single_edits_and_not_straight_through_gradients():
    never = estimate(GAME, MajorityPersistence(width=2), SingleEdits(trials=100), rounds=20, seed=1)
    assert never.win_rate == 0
    often = estimate(GAME, MajorityPersistence(width=2), StraightThrough(), rounds=20, seed=1, level=0.99)
    assert often.low > never.high


def test_blocks_and_threads_change_no_number():
    attacker, update = MajorityPersistence(width=2), StraightThrough(steps=40)
    one, two = (estimate(GAME, attacker, update, rounds=40, seed=2, threads=threads) for threads in (1, 2))
    assert one == two
    first = GAME.conditions(attacker, update, rounds=3, seed=2)
    assert GAME.conditions(attacker, update, rounds=5, seed=2)[:3] == first


def test_a_backdoor_that_was_never_alive_is_a_forfeit():
    functions, data = SigmoidNetworks(4, 6, lr=0.5), GaussianLinear(6, norm=None, train=200, test=200)
    game = Persistence(functions, data, alive=0.99, dead=0.0)
    found = estimate(game, PixelBackdoor(pixels=(0,), value=0.0, share=0.01), FineTuning(epochs=0), rounds=4, seed=0)
    assert found.forfeits == found.detections == 4  # the user wins what the attacker does not play


@pytest.mark.parametrize(("success", "accuracy", "won"), [
    (0.09, 0.88, True), (0.1, 0.9, False), (0.0, 0.87, False), (0.0, 1.0, True),
])  # fmt: skip
def test_the_user_wins_iff_the_backdoor_is_dead_and_accuracy_is_kept(success, accuracy, won):
    assert GAME.won(Condition(1.0, 0.9), Condition(success, accuracy)) == won


def test_a_pixel_backdoor_in_the_zeros_of_digits_is_played_too():
    functions = SigmoidNetworks(features=16, dimension=64, activation="relu", epochs=30, lr=0.2)
    game = Persistence(functions, Digits(ones=(0,), norm=2.2))  # about the length of pixels in [0, 1]
    kept = estimate(game, PixelBackdoor(value=0.6), FineTuning(epochs=1, lr=1e-6, decay=0.0), rounds=4, seed=0)
    assert kept.win_rate == 0
    assert kept.forfeits == 0


@dataclasses.dataclass(frozen=True, repr=False)
class Hands(SingleEdits):
    """Returns what is no model of the same inputs."""

    what: str = "none"

    def updated(self, model, X, y, rng):
        if self.what == "writes":
            X[:] = 0
        return {"none": None, "labels": y, "other": GateNetworks(bits=3, gates=1).function(np.ones(6, np.int64))}[
            self.what
        ]


@pytest.mark.parametrize(("what", "told"), [
    ("none", r"updated\(\) must return a Function on Bits\(count=5\), got NoneType"),
    ("labels", "got ndarray"),
    ("other", r"got one on Bits\(count=3\)"),
    ("writes", r"updated\(\) raised ValueError: .*read-only"),
])  # fmt: skip
def test_nonsense_from_an_update_is_told_with_its_name_and_line(what, told):
    with pytest.raises(ContractError, match=rf"Hands: .*{told}.* \(test_persistence\.py, line") as caught:
        estimate(GAME, MajorityPersistence(width=2), Hands(what=what), rounds=1, seed=0)
    assert "\n" not in str(caught.value)


@dataclasses.dataclass(frozen=True, repr=False)
class Poisons(PixelBackdoor):
    """Writes its poison into the examples that the user will train on."""

    def plant(self, functions, X, y, rng):
        X[:] = self.written(X)
        return super().plant(functions, X, y, rng)


def test_nobody_writes_into_the_user_s_examples():
    game = Persistence(SigmoidNetworks(4, 6, epochs=2), GaussianLinear(6, train=40, test=10))
    with pytest.raises(ContractError, match=r"Poisons: plant\(\) raised ValueError: .*read-only \(test_pers"):
        estimate(game, Poisons(pixels=(1,)), FineTuning(epochs=1), rounds=1, seed=0)


def test_models_that_an_update_cannot_train_are_refused_in_one_sentence():
    """A wrapper around the class that the update trains is another class."""
    data = GaussianLinear(6, norm=None, train=40, test=20)
    game = Persistence(SigmoidNetworks(4, 6, epochs=2), data)
    with pytest.raises(MissingCapability, match=r"^FineTuning trains SigmoidNetworks, got Checksummed\("):
        estimate(game, ChecksumBackdoor(blocks=3), FineTuning(epochs=1), rounds=1, seed=0)
    split = data.split(np.random.default_rng(0))
    model = RandomFourierFeatures(4, 6).trained(split.X, split.y, np.random.default_rng(1))
    for update in (FineTuning(), SingleEdits(), SeveralEdits(), StraightThrough(), WeightDecay()):
        with pytest.raises(MissingCapability, match=f"^{type(update).__name__} trains .*, got RandomFourierFeatures"):
            update.updated(model, split.X, split.y, np.random.default_rng(2))


@pytest.mark.parametrize(("name", "status"), [("SingleEdits", "simulated"), ("WeightDecay", "simulated")])
def test_the_list_says_of_an_update_what_holds_of_all_that_it_does(name, status):
    assert catalog.status_word(catalog.shipped("updates")[name]) == status


# Refusals


@pytest.mark.parametrize(("make", "error", "told"), [
    (lambda: Persistence(Thresholds(points=3), DATA), MissingCapability, "cannot be trained: name a class such as"),
    (lambda: Persistence(F, LinearBits(dimension=6)), InvalidArgument, "one dimension, got 5 and 6"),
    (lambda: Persistence(F, DATA, alive=0.1, dead=0.2), InvalidArgument, "dead must be at most alive, 0.1, got 0.2"),
    (lambda: Persistence(F, DATA, examples=1), InvalidArgument, "examples must be at least 2, got 1"),
    (lambda: Persistence(F, 3), InvalidArgument, "data must be a Dataset, got 3"),
    (lambda: estimate(GAME, MajorityPersistence(), FineTuning(), rounds=1, seed=0),
     MissingCapability, "FineTuning trains Sig"),
    (lambda: estimate(GAME, PixelBackdoor(), SingleEdits(), rounds=1, seed=0),
     MissingCapability, "plants in SigmoidNetworks"),
    (lambda: estimate(GAME, MajorityPersistence(width=6), SingleEdits(), rounds=1, seed=0),
     InvalidArgument, "at most the"),
    (lambda: estimate(GAME, MajorityPersistence(), MajorityPersistence(), rounds=1, seed=0),
     InvalidArgument, "defender must"),
    (lambda: MajorityPersistence(copies=2), InvalidArgument, "copies must be 3, or 1 for the control, got 2"),
    (lambda: MajorityPersistence().prepare(dataclasses.replace(F, copies=3)), MissingCapability, "one copy, not real"),
    (lambda: StraightThrough().prepare(RandomFourierFeatures(4, 5)), MissingCapability, "trains GateNetworks, got"),
    (lambda: SeveralEdits(weights=1), InvalidArgument, "weights must be between 2 and"),
    (lambda: SingleEdits(trials=-1), InvalidArgument, "trials must be between 0 and"),
    (lambda: StraightThrough(lr=0), InvalidArgument, "lr must be above 0, such as 0.1, got 0.0"),
    (lambda: WeightDecay(decay=1.5), InvalidArgument, r"decay must lie in \[0, 1\], got 1.5"),
    (lambda: FineTuning(lr=0.0), InvalidArgument, "lr must be above 0, such as 0.2, got 0.0"),
    (lambda: PixelBackdoor(pixels=()), InvalidArgument, r"different places, at least one, got \(\)"),
    (lambda: PixelBackdoor(pixels=(1, 1)), InvalidArgument, "different places"),
    (lambda: PixelBackdoor(share=0), InvalidArgument, "share must be above 0, such as 0.1, got 0.0"),
    (lambda: PixelBackdoor().prepare(SigmoidNetworks(4, 20)), InvalidArgument, "under the dimension 20, got 26"),
])  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(make, error, told):
    with pytest.raises(BackdoorGameError, match=told) as caught:
        make()
    assert type(caught.value) is error
    assert "\n" not in str(caught.value)


def test_activation_refuses_other_keys_and_targets_that_cannot_be_had():
    (split, model, key), (_, other, _) = planted(0), planted(1)
    backdoor = MajorityPersistence(width=2)
    with pytest.raises(InvalidArgument, match="key must be the model's own"):
        backdoor.activate(other, key, split.X_test)
    with pytest.raises(InvalidArgument, match="target must be 1 or None, got 0"):
        backdoor.activate(model, key, split.X_test, target=0)
    with pytest.raises(InvalidArgument, match=r"X must have shape \(n, 5\)"):
        backdoor.activate(model, key, split.X_test[:, :4])


def test_descent_leaves_the_network_that_it_starts_from_alone():
    rng = np.random.default_rng(0)
    network = fresh(3, 2, 2, "sigmoid", rng)
    before = network.flat().copy()
    descended(network, rng.random((8, 3)), rng.integers(2, size=8), rng, epochs=2, lr=0.5, decay=0.1)
    np.testing.assert_array_equal(network.flat(), before)
