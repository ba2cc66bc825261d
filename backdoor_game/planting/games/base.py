"""What the games about trained models share: data, budgets, and how one model after another is made and shown."""

from __future__ import annotations

import abc
import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ...functions.base import Function
from ...functions.held import refuse_incomplete
from ...games.base import Game, Run, Streams, blank
from ...games.contract import ask_prepare, ask_suspicion, call
from ...games.outcomes import FORFEIT, PLANTED, Kept, Outcome
from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground._cast import cast
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.lookup import made
from ...ground.progress import Progress
from ...ground.spec import text
from ...ground.streams import ROLES, Generators, Words
from ...players.defenders import Defender
from ...players.defenders.base import refuse_game
from ...players.views import Meter
from ..backdoors import Backdoor
from ..datasets import Dataset, Split
from ..detectors import Calibrated
from ..detectors.base import calibrated
from ..models.trainable import Trainable
from ..views import ModelBlock, Shown

CALIBRATION = "\ncalibration"
HELD = 2**22  # entries of codes that are held at a time
Keys = dict[str, Words]
Branches = tuple[Sequence[Shown | None], Sequence[Shown | None]]  # clean and planted


@dataclasses.dataclass(frozen=True, repr=False)
class ModelGame(Game):
    """A game in which honest training makes one model after another; a subclass writes what is shown of each.

    Attributes
    ----------
    shows_input : bool
        Whether an input comes with each model.
    shows_transcript : bool
        Whether the record of whose coins went into it does.

    Parameters
    ----------
    functions : Trainable
        What an honest party trains.
    data : Dataset
        The user's data; every model gets fresh examples, or a fresh split.
    black_box : bool
        The detector asks for labels and reads no code.
    defender_queries, defender_examples : int, optional
        Budgets a branch: labels of the model, and fresh inputs.
    """

    plays = "models"
    attackers = (Backdoor, "CLWEBackdoor(k=16, beta=0.1)")
    defenders = (Defender, "Moments()")
    block = 32
    parallel = True
    shows_input: ClassVar[bool] = False
    shows_transcript: ClassVar[bool] = False

    functions: Trainable
    data: Dataset
    black_box: bool = False
    defender_queries: int | None = None
    defender_examples: int | None = None

    def __post_init__(self) -> None:
        example = "RandomFourierFeatures(features=256, dimension=64)"
        object.__setattr__(self, "functions", made(self.functions, Trainable, "functions", example))
        object.__setattr__(self, "data", made(self.data, Dataset, "data", "GaussianLinear(dimension=64)"))
        refuse_incomplete(self.functions)
        if self.functions.dimension != self.data.dimension:
            raise InvalidArgument(
                f"functions and data must have one dimension, got {self.functions.dimension} and {self.data.dimension}"
            )
        for name in ("defender_queries", "defender_examples"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _validate.integer(name, getattr(self, name), 0))
        object.__setattr__(self, "black_box", cast("black_box", self.black_box, bool))

    @property
    def entries(self) -> int:
        return 2 * self.functions.code_length

    def attacking(self, attacker: Any) -> Any:
        able = ask_prepare("attacker", attacker, Backdoor, self.functions)
        if not (able.white_box or self.black_box):
            name = type(able).__name__
            raise MissingCapability(f"{name} hides from queries, not from readers: set black_box=True")
        return able

    def defending(self, defenders: Sequence[Any], progress: Progress) -> tuple[Any, ...]:
        for defender in defenders:
            self._fit(defender)
        known = calibrated(defenders, self, progress)
        return tuple(ask_prepare("defender", defender, Defender, self) for defender in known)

    def admit(self, defender: Any) -> None:
        self._accept("defender", defender)
        self._fit(defender)
        if not isinstance(defender, Calibrated):
            ask_prepare("defender", defender, Defender, self)

    def _fit(self, defender: Defender) -> None:
        """Refuse a defender that this game does not show what it needs, before any model is made."""
        refuse_game(defender, self)  # type: ignore[arg-type]
        if defender.needs_input and not self.shows_input:
            raise MissingCapability(
                f"{text(defender)[:200]} looks at an input, and {type(self).__name__} shows none: play Activation"
            )
        if isinstance(defender, Calibrated):
            call(defender, "prepare", lambda: defender.fits(self))

    @abc.abstractmethod
    def clean_branch(self, attacker: Backdoor | None, keys: Keys, r: int) -> Shown:
        """The clean branch of row r; `attacker` only hands the key holder a fresh key."""

    @abc.abstractmethod
    def planted_branch(self, attacker: Backdoor, keys: Keys, r: int) -> Shown | None:
        """The planted branch of row r; None is a forfeit, which the defender wins."""

    def _honest(self, keys: Keys, r: int) -> tuple[Function, Split]:
        """An honestly trained model of row r, and the data that it was trained on."""
        split = self.data.split(Generators().keyed(keys["choose"][r]))
        return self.functions.trained(split.X, split.y, Generators().keyed(keys["fresh"][r])), split

    def clean_blocks(self, count: int, defender: Defender, seed: int = 0) -> Iterator[ModelBlock]:
        """`count` clean rounds of seeds that no estimate uses: what a detector sets its threshold on."""
        streams = Streams(seed, self, CALIBRATION)
        step = max(1, min(self.block, HELD // self.entries))
        for start in range(0, count, step):
            rounds = range(start, min(start + step, count))
            keys = {role: streams.keys(role, rounds) for role in ROLES}
            with one_blas_thread():
                shown = [self.clean_branch(None, keys, r) for r in range(len(rounds))]
            yield self._view(shown, defender, keys["defender/0"], keys["oracle/0"])

    def play(self, run: Run, streams: Streams, rounds: range) -> list[Outcome]:
        """Every model is made once, and shown to each defender, which answers as if it were alone."""
        keys = {role: streams.keys(role, rounds) for role in ROLES}
        B = len(rounds)
        with one_blas_thread():
            clean = [self.clean_branch(run.attacker, keys, r) for r in range(B)]
            planted = [self.planted_branch(run.attacker, keys, r) for r in range(B)]
            outcomes = [self._shown_to(defender, (clean, planted), keys) for defender in run.defenders]
        kept = kept_of(clean, planted) if run.keep else None
        return [dataclasses.replace(outcome, kept=kept) for outcome in outcomes]

    def _shown_to(self, defender: Defender, branches: Branches, keys: Keys) -> Outcome:
        """The branches of each round in two calls, in the order of its coin."""
        B = len(branches[0])
        coin = (keys["coin"] >> np.uint64(63)).astype(np.uint8)
        shown = np.array([[one is not None for one in branch] for branch in branches])
        outcome = blank(np.where(shown[1], PLANTED, FORFEIT), shown, coin, Meter(B))
        for turn in (0, 1):
            branch = (coin != turn).astype(np.intp)
            rows = np.flatnonzero(shown[branch, np.arange(B)])
            branch = branch[rows]
            part = [
                one for b, r in zip(branch.tolist(), rows.tolist(), strict=True) if (one := branches[b][r]) is not None
            ]
            view = self._view(part, defender, keys[f"defender/{turn}"][rows], keys[f"oracle/{turn}"][rows])
            suspicion, over = ask_suspicion(defender, view, lambda: self.meter(1))  # type: ignore[arg-type]
            outcome.suspicion[branch, rows], outcome.over_budget[branch, rows] = suspicion, over
            outcome.examples[branch, rows] = view.meter.examples
            outcome.evaluations[branch, rows] = view.meter.evaluations
            outcome.queries[branch, rows] = view.meter.queries
        return outcome

    def _view(self, shown: Sequence[Shown], defender: Defender, keys: Words, fresh: Words) -> ModelBlock:
        return ModelBlock(self, list(shown), keys, fresh, self.meter(len(shown)), defender.holds_key)

    def meter(self, rows: int) -> Meter:
        """Meters of so many branches, with the game's budgets."""
        return Meter(rows, examples=self.defender_examples, queries=self.defender_queries)


def kept_of(clean: Sequence[Shown | None], planted: Sequence[Shown | None]) -> Kept:
    """Digests of the models of either branch, and the inputs that came with the planted ones.

    A model's code has up to millions of numbers: that two rounds had one model is told by its digest as well.
    """
    inputs = [np.zeros(0) if one is None or one.x is None else one.x for one in planted]
    width = max(map(len, inputs))
    x_star = np.array([x if len(x) else np.zeros(width) for x in inputs]) if width else None
    return Kept(digests(clean), digests(planted), x_star)


def digests(shown: Sequence[Shown | None]) -> npt.NDArray[np.str_]:
    """The first 16 hexadecimal digits of the SHA-256 of each model's code, empty where there is none: (B,)."""
    codes = ["" if one is None else hashlib.sha256(np.ascontiguousarray(one.model.code)).hexdigest() for one in shown]
    return np.array([code[:16] for code in codes], dtype="U16")
