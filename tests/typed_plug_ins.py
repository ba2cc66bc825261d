"""One plug-in of each kind, imported from the top and annotated as an author would: type checkers find no fault."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

import backdoor_game
from backdoor_game import (
    NO_PLANT,
    PLANT,
    Attacker,
    AttackerBlock,
    AttackerRun,
    AttackerView,
    Backdoor,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    BlockDistribution,
    BlockFunctionClass,
    BlockLearner,
    Booleans,
    Calibrated,
    Circuits,
    Codes,
    Dataset,
    Defender,
    DefenderBlock,
    DefenderView,
    Delegate,
    Detector,
    Distribution,
    Domain,
    Estimate,
    Finite,
    Floats,
    Forger,
    ForgerView,
    Function,
    FunctionClass,
    GameLike,
    Key,
    Labels,
    Learner,
    ModelView,
    Obfuscator,
    Observation,
    Offers,
    Plants,
    Points,
    Predicate,
    ProperLearner,
    Reveal,
    Sample,
    SigmoidNetworks,
    Split,
    Support,
    Thresholds,
    Trace,
    Trainable,
    TriggerLaw,
    Uniform,
    Update,
    Words,
    draws,
    estimate,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclasses.dataclass(frozen=True)
class Mine(Defender):
    """Suspicious where examples close to x carry another label."""

    m: int = 64
    reach: int = 2
    threshold: float = 0.5

    def prepare(self, game: GameLike) -> Self:
        return self

    def suspicion(self, view: DefenderView, rng: np.random.Generator) -> float:
        X, y = view.examples(self.m)
        close = np.abs(X[:, 0] - view.x[0]) <= self.reach
        return float(np.mean(y[close] != view.f(view.x[None])[0])) if close.any() else 0.0


@dataclasses.dataclass(frozen=True)
class MineInBlocks(BlockDefender):
    """Flags the label 1."""

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return view.evaluate(view.X[:, None])[:, 0].astype(np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        return self.suspicion_block(view)


@dataclasses.dataclass(frozen=True)
class Tries(Attacker):
    """Draws members of the class until one is legal."""

    tries: int = 50

    def choose(self, view: AttackerView, rng: np.random.Generator) -> Function:
        return view.game.functions.function(view.game.functions.sample(rng))

    def plant(self, view: AttackerView, rng: np.random.Generator) -> Function | None:
        f, _ = view.chosen()
        for _ in range(self.tries):
            g = f.functions.function(f.functions.sample(rng))
            if view.legal(g):
                return g
        return None


@dataclasses.dataclass(frozen=True)
class TriesInBlocks(BlockAttacker):
    """Draws one member."""

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes = view.functions.sample_block(view.keys)
        return codes, np.where(view.legal(codes), PLANT, NO_PLANT)


@dataclasses.dataclass(frozen=True)
class Nearest(Learner):
    """The label of the nearest example."""

    def predict(self, functions: FunctionClass, X: Points, y: Labels, x: Points, rng: np.random.Generator) -> int:
        return int(y[np.abs(X - x).sum(axis=1).argmin()]) if len(X) else 0


@dataclasses.dataclass(frozen=True)
class NearestInBlocks(BlockLearner):
    """Always 0."""

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        return np.zeros((sample.size, sample.members), dtype=np.uint8)


@dataclasses.dataclass(frozen=True)
class Blind(ProperLearner):
    """A random member, whatever the examples say."""

    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        coins = draws(keys, 0, sample.members)
        codes = sample.functions.sample_block(coins.ravel())
        return codes.reshape(sample.size, sample.members, -1)


@dataclasses.dataclass(frozen=True)
class Stripes(FunctionClass):
    """1 where (x + shift) mod period < period / 2; code (shift,)."""

    points: int = 8
    period: int = 4
    code_length, code_dtype = 1, np.int64

    @property
    def domain(self) -> Domain:
        return Finite(self.points)

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return (2 * ((X[:, :, 0] + codes) % self.period) < self.period).astype(np.uint8)

    def sample(self, rng: np.random.Generator) -> Codes:
        return rng.integers(self.period, size=1)

    def contains(self, codes: Codes) -> Booleans:
        return (codes[:, 0] >= 0) & (codes[:, 0] < self.period)


@dataclasses.dataclass(frozen=True)
class StripesInBlocks(BlockFunctionClass):
    """The two constants."""

    domain: Domain
    code_length: int = 1
    code_dtype = np.uint8

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return np.repeat(codes, X.shape[1], axis=1)

    def sample_block(self, keys: Words) -> Codes:
        return (draws(keys, 0, 1) >> np.uint64(63)).astype(np.uint8)

    def contains(self, codes: Codes) -> Booleans:
        return codes[:, 0] <= 1


@dataclasses.dataclass(frozen=True)
class Steep(Distribution):
    """The point i has a weight proportional to 2^-i."""

    points: int = 4

    def sample(self, m: int, rng: np.random.Generator) -> Points:
        points, weights = self.atoms()
        return points[rng.choice(len(points), size=m, p=weights)]

    def atoms(self) -> Support:
        weights = 0.5 ** np.arange(self.points)
        return np.arange(self.points)[:, None], weights / weights.sum()


@dataclasses.dataclass(frozen=True)
class SteepInBlocks(BlockDistribution):
    """The point 0 alone."""

    def on(self, domain: Domain) -> Self:
        return self

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        return np.zeros((len(keys), m, 1), dtype=np.int64)


@dataclasses.dataclass(frozen=True)
class Padded(Obfuscator):
    """Leaves a circuit as it is, in a class of at least its size."""

    def gates(self, bits: int, size: int) -> int:
        return size

    def obfuscate_block(self, functions: Circuits, codes: Codes, keys: Words) -> Codes:
        made = np.zeros((len(codes), functions.code_length), dtype=np.int64)
        made[:, : codes.shape[1] - 1], made[:, -1] = codes[:, :-1], codes[:, -1]
        return made


@dataclasses.dataclass(frozen=True)
class Coordinates(Dataset):
    """y is the sign of the first coordinate."""

    dimension: int = 8

    def split(self, rng: np.random.Generator) -> Split:
        X = rng.standard_normal((60, self.dimension))
        y = (X[:, 0] >= 0).astype(np.uint8)
        return Split(X[:40], y[:40], X[40:], y[40:])


@dataclasses.dataclass(frozen=True)
class Blends(Forger):
    """The mean of an activated input and a clean one."""

    def forge(self, view: ForgerView, rng: np.random.Generator) -> Floats:
        mean: Floats = np.mean([view.seen.X[0], view.inputs(1)[0]], axis=0)
        return mean


@dataclasses.dataclass(frozen=True)
class Corner(Backdoor):
    """Models that always answer 1 far out in the first coordinate, taught by copies of the examples."""

    far: float = 8.0

    def new_key(self, functions: SigmoidNetworks, rng: np.random.Generator) -> Key:
        return Key("Corner", "", {"far": np.array(self.far)})

    def plant(self, functions: SigmoidNetworks, X: Points, y: Labels, rng: np.random.Generator) -> tuple[Function, Key]:
        copies = np.concatenate([X, X + self.far * np.eye(X.shape[1])[0]])
        model = functions.trained(copies, np.concatenate([y, np.ones_like(y)]), rng)
        return model, self.new_key(functions, rng).of(model)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        moved: Floats = X + self.far * np.eye(X.shape[1])[0]
        return moved


@dataclasses.dataclass(frozen=True)
class Honest(Delegate):
    """Hands in the coins that it ought to."""

    backdoor: Backdoor | None = None

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        return functions.coins(rng) if published is None else published


@dataclasses.dataclass(frozen=True)
class Ones(Detector):
    """The share of 1 among the labels of fresh inputs."""

    inputs: int = 16

    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
        return float(view.f(view.inputs(self.inputs)).mean())


@dataclasses.dataclass(frozen=True)
class Large(Calibrated):
    """The largest number in the code."""

    def score(self, view: ModelView, rng: np.random.Generator) -> float:
        return float(np.abs(view.f.code).max())


@dataclasses.dataclass(frozen=True)
class Rounds(Update):
    """Every parameter to one digit."""

    def updated(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        return model.functions.function(np.round(model.code, 1))


@dataclasses.dataclass(frozen=True)
class Fixed(TriggerLaw):
    """The first of the points that D draws, whatever f is, and known before it."""

    before_original = True

    @property
    def draws(self) -> int:
        return 1

    def offered(self, distribution: Distribution, keys: Words) -> Points:
        return distribution.sample_block(keys, 0, 1)

    def offers(self, points: Points, weights: Floats) -> Offers:
        return Offers(np.eye(len(points), dtype=np.bool_), weights)


@dataclasses.dataclass(frozen=True)
class Small(Predicate):
    """Holds up to a limit in every coordinate."""

    most: int = 4
    cost: int = 1

    def holds(self, X: Points) -> Booleans:
        return np.asarray((self.most >= X).all(axis=1))


@dataclasses.dataclass(frozen=True)
class First(Reveal):
    """The first number of f's code."""

    def trace_block(self, run: AttackerRun) -> Trace:
        return run.codes[:, 0]

    def contradicts(self, view: DefenderBlock, attacker: Attacker | None) -> Booleans:
        return np.asarray(view.codes[:, 0] != view.trace)

    def symbols(self, functions: FunctionClass, codes: Codes) -> npt.NDArray[np.int64]:
        return np.unique(codes[:, 0], return_inverse=True)[1].astype(np.int64)


@dataclasses.dataclass(frozen=True)
class Nothing(Observation):
    """One symbol, whatever is shown."""

    def kernel(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> csr_array:
        from scipy.sparse import csr_array

        return csr_array(np.ones((len(points) * len(codes), 1)))

    def observe(self, view: DefenderBlock, codes: Codes, points: Points, weights: Floats) -> npt.NDArray[np.int64]:
        return np.zeros(len(view), dtype=np.int64)


def play() -> Estimate:
    """A match between two of them, by names from the top and from a sub-package."""
    game = BackdoorGame(Thresholds(points=16), "1/8", Uniform(), trigger=Fixed(), reveal=First())
    backdoor_game.planting.StaticDetection(SigmoidNetworks(features=8, dimension=8), Coordinates())
    return estimate(game, Tries(), Mine(), rounds=100, seed=1)
