"""What is wrong with a function class or a distribution from elsewhere is told as its own, whoever plays."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    BlockFunctionClass,
    BoltzmannResampling,
    CoinFlip,
    ContractError,
    DistillationEnsemble,
    Distribution,
    Finite,
    FunctionClass,
    InvalidArgument,
    Memorizer,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    RandomLegal,
    Thresholds,
    Uniform,
    estimate,
    make,
)

HERE = __name__


@dataclasses.dataclass(frozen=True)
class Stripes(FunctionClass):
    """1 where (x + shift) mod 4 < 2: the sound twin of all that follow."""

    points: int = 8
    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(self.points))

    def evaluate(self, codes, X):
        return ((X[:, :, 0] + codes) % 4 < 2).astype(np.uint8)

    def sample(self, rng):
        return rng.integers(4, size=1)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] < 4)

    def enumerate(self):
        return np.arange(4)[:, None]


PLAYERS = [
    (RandomLegal(), CoinFlip()),
    (NearestLegal(), DistillationEnsemble(members=3, examples=2)),
    (NoAttack(), BoltzmannResampling(beta=1.0)),
    (NoAttack(), NeighbourVote(1, 3)),
]


def faulty(**members):
    """The class above with other members."""
    return dataclasses.dataclass(frozen=True)(type("Faulty", (Stripes,), {"__module__": HERE, **members}))()


def refusals(build):
    """What each pair of players is told, where it is refused at all; one line each."""
    for attacker, defender in PLAYERS:
        try:
            estimate(BackdoorGame(build(), 0.5, Uniform()), attacker, defender, rounds=20, seed=1)
        except (ContractError, InvalidArgument) as error:
            yield str(error)


def test_the_sound_twin_plays_with_all_of_them():
    assert list(refusals(Stripes)) == []


def old(method):
    return getattr(Stripes, method)


CALLS = [
    ("evaluate", lambda self, codes, X: old("evaluate")(self, codes, X).astype(float), 4, "must return 0/1 labels of"),
    ("evaluate", lambda self, codes, X: old("evaluate")(self, codes, X)[:, :, None], 4, "must return 0/1 labels of"),
    ("evaluate", lambda self, codes, X: old("evaluate")(self, codes, X) * 2, 4, "up to 2"),
    ("evaluate", lambda self, codes, X: old("evaluate")(self, codes, X) > 0, 4, "got bool of shape"),
    ("evaluate", lambda self, codes, X: old("evaluate")(self, codes, X).tolist(), 4, "got [["),
    ("evaluate", lambda self, codes, X: None, 4, "got None"),
    ("evaluate", lambda self, codes, X: {}["lost"], 4, "raised KeyError: 'lost'"),
    ("contains", lambda self, codes: old("contains")(self, codes)[:, None], 4, "got bool of shape (20, 1)"),
    ("contains", lambda self, codes: True, 4, "must return True or False for each code, bool of shape (20,), got True"),
    ("contains", lambda self, codes: old("contains")(self, codes).astype(int), 4, "got int64 of shape (20,)"),
    ("contains", lambda self, codes: {}["lost"], 4, "raised KeyError: 'lost'"),
    ("sample", lambda self, rng: np.zeros((1, 1), dtype=np.int64), 3, "must return a code of type int64 and shape"),
    ("sample", lambda self, rng: np.zeros(2, dtype=np.int64), 3, "got int64 of shape (2,)"),
    ("sample", lambda self, rng: np.array([0.5]), 3, "got float64 of shape (1,)"),
    ("sample", lambda self, rng: None, 3, "got None"),
    ("sample", lambda self, rng: {}["lost"], 3, "raised KeyError: 'lost'"),
    ("enumerate", lambda self: np.arange(4), 3, "must return codes of type int64 and shape (F, 1), got"),
    ("enumerate", lambda self: {}["lost"], 3, "raised KeyError: 'lost'"),
    ("enumerate", lambda self: None, 3, "must return codes of type int64 and shape (F, 1), got None"),
    ("enumerate", lambda self: np.zeros((0, 1), dtype=np.int64), 3, "must return one member or more, got int64 of sh"),
    ("distance", lambda self, F, G, D: np.zeros(3), 2, "must return distances in [0, 1], float64 of shape (20,), got"),
    ("distance", lambda self, F, G, D: np.full(len(F), -0.5), 2, "from -0.5 to -0.5"),
    ("distance", lambda self, F, G, D: np.full(len(F), np.nan), 2, "from nan to nan"),
    ("distance", lambda self, F, G, D: np.full(len(F), 2.0), 2, "from 2 to 2"),
    ("distance", lambda self, F, G, D: 0.25, 2, "got 0.25"),
    ("nearest", lambda self, codes, x, D: codes, 1, "must return codes and their distances, a pair, or None, got int"),
    ("nearest", lambda self, codes, x, D: (codes[0], 0.0), 1, "codes of type int64 and shape (1, 1), got int64"),
    ("nearest", lambda self, codes, x, D: (codes, np.zeros(1)), 1, "distances in [0, inf], float64 of shape (20,)"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "fault", "told", "words"), CALLS)
def test_a_faulty_method_is_told_under_its_class_with_file_and_line_and_never_under_a_player(
    method, fault, told, words
):
    found = list(refusals(lambda: faulty(**{method: fault})))
    assert len(found) == told  # the others do not call it
    for sentence in found:
        assert sentence.startswith(f"{HERE}:Faulty: {method}() ")
        assert words in sentence
        assert "(test_faulty_outsiders.py, line " in sentence
        assert "\n" not in sentence


def test_a_sample_outside_of_the_class_is_the_class_s():
    found = list(refusals(lambda: faulty(sample=lambda self, rng: np.array([9]))))
    assert len(found) == 3
    for sentence in found:
        assert sentence.startswith(f"the class {HERE}:Faulty() sampled a code that its own contains() refuses (test_")


class Wide:
    """A block of codes that are too long."""

    def sample_block(self, keys):
        return np.zeros((len(keys), 2), dtype=np.int64)


def test_a_faulty_block_is_told_under_its_class():
    cls = type("Faulty", (Wide, Stripes, BlockFunctionClass), {"__module__": HERE})
    found = list(refusals(dataclasses.dataclass(frozen=True)(cls)))
    assert [sentence.split("()")[0] for sentence in found[1:]] == [f"{HERE}:Faulty: sample_block"] * 2
    assert found[0].startswith(f"{HERE}:Faulty: evaluate() raised ValueError: ")


@dataclasses.dataclass(frozen=True)
class Bare(FunctionClass):
    """States nothing of itself."""

    evaluate, sample, contains = Stripes.evaluate, Stripes.sample, Stripes.contains


def test_what_a_class_must_state_is_asked_for_when_it_is_made():
    whole = {"domain": Finite(8), "code_length": 1, "code_dtype": np.int64}
    for name in whole:
        given = {other: value for other, value in whole.items() if other != name}
        cls = dataclasses.dataclass(frozen=True)(type("Faulty", (Bare,), {"__module__": HERE, **given}))
        with pytest.raises(InvalidArgument, match=rf"^{HERE}:Faulty has no {name}: give it a? ?\S.* \(.*\)$"):
            cls()
    dataclasses.dataclass(frozen=True)(type("Whole", (Bare,), {"__module__": HERE, **whole}))()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("domain", 8, "must be a Domain such as Finite(8), got 8"),
        ("domain", None, "must be a Domain such as Finite(8), got None"),
        ("code_length", "1", "must be a whole number of at least 1, got '1'"),
        ("code_length", 0, "must be a whole number of at least 1, got 0"),
        ("code_length", True, "must be a whole number of at least 1, got True"),
        ("code_dtype", np.int32, "must be np.uint8, np.int64 or np.float64, got <class 'numpy.int32'>"),
        ("code_dtype", "nothing", "must be np.uint8, np.int64 or np.float64, got 'nothing'"),
    ],
)
def test_what_a_class_states_is_looked_at_when_it_is_made_and_a_property_when_a_game_is(name, value, words):
    with pytest.raises(InvalidArgument) as caught:
        faulty(**{name: value})
    assert str(caught.value).startswith(f"{HERE}:Faulty.{name} {words} (")
    late = faulty(**{name: property(lambda self: value)})
    with pytest.raises(InvalidArgument) as again:
        BackdoorGame(late, 0.5, Uniform())
    assert str(again.value) == str(caught.value)


def test_a_property_that_raises_is_told_with_its_line():
    with pytest.raises(ContractError, match=rf"^{HERE}:Faulty: domain raised ZeroDivisionError: .* \(test_faulty_outs"):
        BackdoorGame(faulty(domain=property(lambda self: 1 / 0)), 0.5, Uniform())


def test_the_file_and_line_of_a_class_in_a_plug_in_file_are_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "import dataclasses\nfrom backdoor_game import FunctionClass\n\n\n@dataclasses.dataclass(frozen=True)\n"
        "class Mine(FunctionClass):\n    domain = 8\n    def evaluate(self, codes, X): return None\n"
        "    def sample(self, rng): return None\n    def contains(self, codes): return None\n"
    )
    with pytest.raises(InvalidArgument) as caught:
        make("mine.py:Mine()")
    assert str(caught.value) == "mine.py:Mine.domain must be a Domain such as Finite(8), got 8 (mine.py, line 5)"


# Distributions


def law(sample):
    def named(self, m, rng):
        return sample(m, rng)

    cls = type("Law", (Distribution,), {"__module__": HERE, "sample": named})
    return dataclasses.dataclass(frozen=True)(cls)()


FIRST = 8  # points that `on` draws to look at


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (lambda m, rng: rng.integers(8, size=m), "does not fit the domain"),
        (lambda m, rng: rng.integers(8, size=(m, 1)).astype(float), "does not fit the domain"),
        (lambda m, rng: np.full((m, 1), 8), "does not fit the domain"),
        (lambda m, rng: {}["lost"], "Law: sample() raised KeyError: 'lost'"),
        (lambda m, rng: rng.integers(8, size=(m, 1)) if m == FIRST else {}["lost"], "Law: sample() raised KeyError"),
        (lambda m, rng: rng.integers(8, size=(FIRST, 1)), "Law(): sample(1, rng) must have shape (1, n), got (8, 1)"),
        (
            lambda m, rng: np.full((m, 1), 0 if m == FIRST else 9),
            "Law(): X must hold points of Finite(count=8), got [9]",
        ),
        (
            lambda m, rng: np.zeros((m, 1 + (m != FIRST)), dtype=int),
            "Law(): sample(1, rng) must have shape (1, 1), got",
        ),
        (
            lambda m, rng: rng.integers(8, size=(m, 1)) if m == FIRST else None,
            "Law(): sample(1, rng) must have shape (1, n), got ()",
        ),
    ],
)
def test_a_faulty_distribution_is_told_as_such_with_file_and_line(sample, words):
    def play():
        game = BackdoorGame(Thresholds(points=8), 0.5, law(sample))
        estimate(game, NoAttack(), DistillationEnsemble(Memorizer(), members=3, examples=2), rounds=20, seed=1)

    with pytest.raises((ContractError, InvalidArgument)) as caught:
        play()
    assert words in str(caught.value)
    assert "(test_faulty_outsiders.py, line " in str(caught.value)
    assert not str(caught.value).startswith(("NoAttack", "DistillationEnsemble"))
    assert "\n" not in str(caught.value)
