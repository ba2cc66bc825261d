"""What classes, distributions and players from elsewhere get wrong is told as theirs, and never as a result."""

import dataclasses
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    Attacker,
    BackdoorGame,
    Boxes,
    CoinFlip,
    ContractError,
    Defender,
    DistillationEnsemble,
    Distribution,
    Finite,
    FunctionClass,
    InvalidArgument,
    NoAttack,
    RandomLegal,
    Thresholds,
    Uniform,
    estimate,
)
from backdoor_game.functions.distance import within

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())


@dataclasses.dataclass(frozen=True)
class Strays(Distribution):
    """Uniform on 0..7, but now and then far outside, or one point short."""

    how: str = "outside"

    def sample(self, m, rng):
        X = rng.integers(0, 8, size=(m, 1))
        if self.how == "outside":
            X[rng.random((m, 1)) < 0.001] = 10**9
        return X[:-1] if self.how == "short" and m < 8 else X


@pytest.mark.parametrize(("how", "words"), [("outside", r"got \[1000000000\]"), ("short", "must have shape")])
def test_a_distribution_that_leaves_its_domain_is_stopped_before_a_kernel_reads_there(how, words):
    game = BackdoorGame(AllFunctions(points=8), 0.125, Strays(how=how))
    with pytest.raises(ContractError, match=words):
        estimate(game, NoAttack(), DistillationEnsemble(members=3), rounds=2000, seed=0)


@dataclasses.dataclass(frozen=True)
class Odd(FunctionClass):
    """x >= t on four points, with a fault of choice."""

    fault: str = "none"
    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(4))

    def evaluate(self, codes, X):
        labels = (X[:, :, 0] >= codes).astype(np.uint8)
        return labels * np.uint8(7) if self.fault == "labels" else labels

    def sample(self, rng):
        return rng.integers(0, 5, size=1) + (9 if self.fault == "sample" else 0)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] <= 4)


@pytest.mark.parametrize(
    ("fault", "words"), [("labels", "must return 0/1 labels"), ("sample", r"contains\(\) refuses")]
)
def test_a_faulty_class_is_a_bug_and_not_an_illegal_plant(fault, words):
    assert estimate(BackdoorGame(Odd(), 0.25, Uniform()), NoAttack(), AlwaysClean(), rounds=50, seed=0).win_rate == 1.0
    with pytest.raises(ContractError, match=words):
        estimate(BackdoorGame(Odd(fault=fault), 0.25, Uniform()), NoAttack(), AlwaysClean(), rounds=50, seed=0)


@dataclasses.dataclass(frozen=True)
class AsksFirst(Attacker):
    """Evaluates three points to choose f, and two to plant."""

    def choose(self, view, rng):
        f = view.game.functions.function(np.array([5]))
        view.block().evaluate(f.code[None], np.zeros((1, 3, 1), np.int64))
        return f

    def plant(self, view, rng):
        view.f(np.zeros((2, 1), np.int64))


@pytest.mark.parametrize(("budget", "used"), [(None, 5), (5, 5), (4, 3), (2, 2)])
def test_an_attackers_budget_covers_choosing_and_planting(budget, used):
    game = dataclasses.replace(GAME, attacker_evaluations=budget)
    found = estimate(game, AsksFirst(), AlwaysClean(), rounds=40, seed=0)
    assert found.forfeits == 40
    assert found.attacker_evaluations_per_round == used


def test_a_defender_with_an_init_of_its_own_is_refused_since_its_spec_would_not_say_what_played():
    class Hidden(Defender):
        def __init__(self, score):
            self.score = score

        def suspicion(self, view, rng):
            return self.score

    with pytest.raises(InvalidArgument, match="Hidden defines __init__"):
        estimate(GAME, NoAttack(), Hidden(0.0), rounds=3, seed=0)


@dataclasses.dataclass(frozen=True)
class Slips(Defender):
    """Answers with a NumPy bool, or forgets that f takes a batch."""

    batch: bool = True

    def suspicion(self, view, rng):
        X, y = view.examples(8)
        return (y != view.f(view.x[None] if self.batch else view.x)[0]).all()


def test_a_numpy_bool_is_an_answer_and_a_bare_point_is_told_how_to_become_a_batch():
    assert estimate(GAME, NoAttack(), Slips(), rounds=30, seed=0).rounds == 30
    with pytest.raises(ContractError, match=r"suspicion\(\): X must have shape \(m, n\).*x\[None\]"):
        estimate(GAME, NoAttack(), Slips(batch=False), rounds=30, seed=0)


def test_ties_on_more_points_than_a_float_counts_are_decided_relatively():
    N = 1_000_003**3
    epsilon = 123_456_789_012_345 / N
    near = np.array([epsilon, epsilon * (1 + 1e-15), epsilon * (1 + 1e-9)])
    assert within(near, epsilon, N).tolist() == [True, True, False]


def test_a_class_too_large_to_count_in_digits_is_refused_in_a_short_sentence():
    with pytest.raises(InvalidArgument, match=r"about 10\^6020 functions") as caught:
        estimate(BackdoorGame(AllFunctions(points=20_000), 0.1, Uniform()), RandomLegal(), CoinFlip(), rounds=3, seed=0)
    assert len(str(caught.value)) < 300
    huge = BackdoorGame(Boxes(dimension=40, points=2_147_483_647), 0.1, Uniform())
    assert estimate(huge, NoAttack(), AlwaysClean(), rounds=20, seed=0).win_rate == 1.0


def test_adaptive_branches_have_intervals_that_allow_for_stopping():
    fixed = estimate(GAME, NoAttack(), CoinFlip(), rounds=4096, seed=1)
    stopped = estimate(GAME, NoAttack(), CoinFlip(), rounds=4096, seed=1, half_width=0.4)
    assert stopped.false_alarms == fixed.false_alarms
    assert stopped.false_alarm_rate.low < fixed.false_alarm_rate.low
    assert stopped.false_alarm_rate.high > fixed.false_alarm_rate.high


# Its kernels are loaded by a small block first, so that the mark says where the long one is.
MARKED = """
import dataclasses, pathlib
from backdoor_game import BlockDefender, DistillationEnsemble, OneInclusion

@dataclasses.dataclass(frozen=True)
class Marked(BlockDefender):
    inner: BlockDefender = DEFENDER

    def prepare(self, game):
        return dataclasses.replace(self, inner=self.inner.prepare(game))

    def suspicion_block(self, view):
        if not pathlib.Path("in the kernel").exists():
            dataclasses.replace(self.inner, examples=2, members=2).suspicion_block(view)
            pathlib.Path("in the kernel").touch()
        return self.inner.suspicion_block(view)
"""
LONG = ["--rounds", "100000000", "--quiet"]


@pytest.mark.parametrize(
    "defender", ["DistillationEnsemble(examples=100000, members=1000)", "DistillationEnsemble(learner=OneInclusion())"]
)
def test_ctrl_c_ends_a_long_kernel_at_once_with_one_line(defender, tmp_path):
    (tmp_path / "mine.py").write_text(MARKED.replace("DEFENDER", defender))
    command = ["estimate", "--functions", "AllFunctions(points=8)", "--epsilon", "0.125", "--attacker", "Shattered()"]
    run = subprocess.Popen(
        [sys.executable, "-m", "backdoor_game.cli", *command, "--defender", "mine.py:Marked()", *LONG],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        until = time.monotonic() + 300  # however busy the machine is: what is tested begins with the mark
        while run.poll() is None and not (tmp_path / "in the kernel").exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert run.poll() is None
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)  # the kernel would take hours
    finally:
        run.kill()
    assert run.returncode == 130
    assert out == ""
    assert len(err.strip().splitlines()) == 1


def stopped(how):
    """What Ctrl-C looks like once a compiler or a player has had it: itself, converted, or a cause further down."""
    if how == "never":
        raise RuntimeError
    if how == "itself":
        raise KeyboardInterrupt
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt as error:
        if how == "as a result with an exception set":
            raise SystemError("returned a result with an exception set") from error
        try:
            raise ValueError("while it was handled")
        except ValueError:
            raise RuntimeError("failed in nopython mode pipeline") from None


HOWS = ["itself", "as a result with an exception set", "two steps down"]


@dataclasses.dataclass(frozen=True)
class Stopped(Defender):
    """Is interrupted at a place of choice."""

    how: str = "itself"
    where: str = "suspicion"

    def prepare(self, game):
        if self.where == "prepare":
            stopped(self.how)
        return self

    def suspicion(self, view, rng):
        stopped(self.how)


@pytest.mark.parametrize("where", ["prepare", "suspicion"])
@pytest.mark.parametrize("how", HOWS)
def test_ctrl_c_inside_a_player_is_never_laid_on_the_player(how, where):
    with pytest.raises(KeyboardInterrupt):
        estimate(GAME, NoAttack(), Stopped(how=how, where=where), rounds=3, seed=0)


@dataclasses.dataclass(frozen=True)
class StoppedClass(Odd):
    """A class whose labels are interrupted."""

    how: str = "itself"

    def evaluate(self, codes, X):
        stopped(self.how)


@pytest.mark.parametrize("how", HOWS)
def test_ctrl_c_inside_a_class_is_never_laid_on_it(how):
    game = BackdoorGame(StoppedClass(how=how), 0.25, Uniform())
    with pytest.raises(KeyboardInterrupt):
        estimate(game, NoAttack(), AlwaysClean(), rounds=30, seed=0)


def test_an_exception_without_ctrl_c_behind_it_is_the_players():
    with pytest.raises(ContractError, match="RuntimeError: no message"):
        estimate(GAME, NoAttack(), Stopped(how="never"), rounds=3, seed=0)
