"""How well the Metropolis walks of a defender mix: acceptance rate, R-hat and effective sample size."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...functions.base import Booleans, Codes, Floats
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.lookup import made
from ...ground.origins import sources, written_out
from ...ground.progress import Progress, silent
from ...ground.results import Block, Result
from ...ground.seeds import fresh_or
from ...ground.spec import text
from ...ground.streams import Words, draws, role_keys
from ...players.defenders import BoltzmannResampling
from ...players.views import DefenderBlock, Meter
from ...players.walking import effective_size, split_rhat, walk
from ...spaces.checked import checked
from ..backdoor import BackdoorGame

ENOUGH = 1.01  # the limit of [Vehtari21] for rank-normalised R-hat
FEWEST_STEPS = 16  # halves of half a walk are compared: with fewer there are under four states in each
MOST_DRAWS = 2**23  # two float64 a proposal are kept of half the steps: 64 MiB


@dataclasses.dataclass(frozen=True)
class Statistic:
    """How well one number along the walks mixes.

    Attributes
    ----------
    rhat, worst_rhat : float or None
        Median and largest R-hat over the functions shown; None where it never changes, which says nothing.
    size, least_size : float or None
        Median and smallest effective sample size of all chains together, out of `Mixing.kept` draws.
    constant : int
        For how many of the functions shown the number is the same throughout; these are left out above.
    """

    rhat: float | None
    worst_rhat: float | None
    size: float | None
    least_size: float | None
    constant: int


@dataclasses.dataclass(frozen=True, repr=False)
class Mixing(Result):
    """What `mixing` measured. *Simulated.*

    Attributes
    ----------
    acceptance : float
        Share of the proposals of another code that were taken.
    proposed : float
        Share of the proposals that were of another code.
    distance, label : Statistic
        Of dist(g, f') and of whether g(x') != f'(x'), along the walks' second halves.
    rounds, chains, steps, kept : int
        Functions shown; walks from each; proposals in each; draws behind each R-hat and sample size.
    seed : int
    spec : dict
        The game, and the defender as prepared.
    sources : dict of str
        SHA-256 of each plug-in file behind the game, by its path as typed.
    players : dict of dict
        Every field of the game and of the defender as prepared, defaults too.
    """

    acceptance: float
    proposed: float
    distance: Statistic
    label: Statistic
    rounds: int
    chains: int
    steps: int
    kept: int
    seed: int
    spec: dict[str, str]
    sources: dict[str, str] = dataclasses.field(default_factory=dict)
    players: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts and dicts; inf, for chains that stand still apart, as the text "inf"."""
        found = dataclasses.asdict(self)
        for name in ("distance", "label"):
            found[name] = {key: "inf" if value == np.inf else value for key, value in found[name].items()}
        return found

    def blocks(self) -> Sequence[Block]:
        rows: list[tuple[str, object]] = [
            ("acceptance rate", f"{self.acceptance:.4f}, of the {100 * self.proposed:.0f}% that are other codes"),
            *_lines("distance", self.distance, self.kept),
            *_lines("label at x'", self.label, self.kept),
            ("walks", f"{self.rounds} functions, {self.chains} chains each, {self.steps} proposals, second halves"),
            *self.spec.items(),
            ("seed", self.seed),
        ]
        return [Block(rows)]

    def headline(self) -> str:
        worst = {name: getattr(self, name).worst_rhat for name in ("distance", "label")}
        told = ", ".join(f"{name} R-hat " + ("-" if r is None else f"{r:.4f}") for name, r in worst.items())
        return f"acceptance={self.acceptance:.4f}, worst {told}, steps={self.steps}, seed={self.seed}"


def _lines(name: str, one: Statistic, kept: int) -> list[tuple[str, object]]:
    """What a statistic says, in two lines; that it never changes, in one."""
    if one.rhat is None or one.worst_rhat is None:
        return [(f"R-hat, {name}", "it never changes, which says nothing")]
    advice = "" if one.worst_rhat <= ENOUGH else f" (over {ENOUGH}: take more steps)"
    still = f", constant for {one.constant} functions" if one.constant else ""
    return [
        (f"R-hat, {name}", f"{one.rhat:.4f}, worst {one.worst_rhat:.4f}{advice}"),
        (f"sample size, {name}", f"{one.size:.0f} of {kept} draws, least {one.least_size:.0f}{still}"),
    ]


def mixing(
    game: BackdoorGame,
    defender: BoltzmannResampling,
    *,
    chains: int = 4,
    rounds: int = 64,
    seed: int | None = None,
    progress: Progress = silent,
) -> Mixing:
    """Walk from several places towards the same distribution, and see whether the walks agree.

    For each of `rounds` pairs (f', x'), a random member and a draw of D, one chain starts at f', as the defender's own
    do, and the others at random members, which is further out than what they aim at. What the first halves of the walks
    saw is dropped, since the defender uses their ends alone.

    Parameters
    ----------
    game : BackdoorGame
        With a fixed distribution.
    defender : BoltzmannResampling
        With `steps`, at least 16.
    chains, rounds : int
    seed : int, optional
        The answer is a function of (game, defender, chains, rounds, seed) alone; by default drawn from the operating
        system, and held by the answer.
    progress : callable
        Called with (steps done, steps in all).

    Returns
    -------
    Mixing
        Where a `worst_rhat` is over 1.01 take more steps, as is usually advised [Vehtari21].
    """
    chains, rounds = _validate.integer("chains", chains, 2, 1000), _validate.integer("rounds", rounds, 1, 10**5)
    seed = fresh_or(seed)
    game = made(game, BackdoorGame, "game", "BackdoorGame(Conjunctions(bits=4), 0.1, Uniform())")
    ready = _prepared(game, made(defender, BoltzmannResampling, "defender", "BoltzmannResampling(steps=500)"))
    steps = int(ready.steps or 0)
    if (size := rounds * chains * steps) > MOST_DRAWS:
        raise InvalidArgument(f"rounds * chains * steps is {size}: at most {MOST_DRAWS} proposals are made, take fewer")
    view = _view(game, seed, rounds)
    trace = _Trace(view, chains, steps, progress)
    near = ready.nearness(view).repeated(slice(None), chains)
    starts = game.functions.sample_block(_keys(game, seed, "choose", rounds * chains)[::-1].copy())
    starts[::chains] = view.codes
    walk(game.functions, starts, near, float(ready.beta or 0.0), draws(view.keys, 0, chains).ravel(), steps, trace)
    return Mixing(
        acceptance=float(trace.taken / max(1, trace.other)),
        proposed=float(trace.other / size),
        distance=_statistic(trace.far),
        label=_statistic(trace.differs),
        rounds=rounds,
        chains=chains,
        steps=steps,
        kept=chains * trace.far.shape[-1],
        seed=seed,
        spec={"game": text(game), "defender": text(ready)},
        sources=sources(game, ready),
        players={"game": written_out(game), "defender": written_out(ready)},
    )


class _Trace:
    """What the second halves of the walks saw: arrays (rounds, chains, draws)."""

    def __init__(self, view: DefenderBlock, chains: int, steps: int, progress: Progress) -> None:
        self._functions, self._progress, self._steps = view.game.functions, progress, steps
        self._X = np.repeat(view.X[:, None, :], chains, axis=0)
        self._label = np.repeat(view._shown_labels(), chains, axis=0)[:, 0]
        shape = (len(view), chains, steps - steps // 2)
        self.far, self.differs = np.empty(shape), np.empty(shape)
        self.other = self.taken = 0

    def __call__(self, step: int, codes: Codes, far: Floats, other: Booleans, taken: Booleans) -> None:
        self.other += int(other.sum())
        self.taken += int((other & taken).sum())
        place = step - self._steps // 2
        if place >= 0:
            rows = self.far.shape[:2]
            self.far[:, :, place] = far.reshape(rows)
            labels = self._functions.member_labels(codes, self._X)[:, 0]
            self.differs[:, :, place] = (labels != self._label).reshape(rows)
        self._progress(step + 1, self._steps)


def _prepared(game: BackdoorGame, defender: BoltzmannResampling) -> BoltzmannResampling:
    if defender.steps is None or defender.steps < FEWEST_STEPS:
        raise InvalidArgument(f"{text(defender)} does not walk: give it steps, at least {FEWEST_STEPS}")
    if game.distribution is None:
        raise MissingCapability(f"how walks mix depends on D, and {text(game)[:200]} has none: give it a distribution")
    return defender.prepare(game)


def _keys(game: BackdoorGame, seed: int, role: str, count: int) -> Words:
    return role_keys(seed, text(game), f"mixing/{role}", 0, count)


def _view(game: BackdoorGame, seed: int, rounds: int) -> DefenderBlock:
    """Rounds in which f' is a random member and x' a fresh input."""
    assert game.distribution is not None
    distribution = checked(game.distribution, game.functions.domain)
    codes = game.functions.sample_block(_keys(game, seed, "original", rounds))
    X = distribution.sample_block(_keys(game, seed, "fresh", rounds), 0, 1)[:, 0]
    keys, oracle_keys = (_keys(game, seed, role, rounds) for role in ("defender", "oracle"))
    return DefenderBlock(game, distribution, codes, X, keys, oracle_keys, Meter(rounds))


def _statistic(traces: Floats) -> Statistic:
    """Over the rounds (axis 0) in which there is something to compare."""
    rhat, size = split_rhat(traces), effective_size(traces)
    told = ~np.isnan(rhat)
    if not told.any():
        return Statistic(None, None, None, None, len(traces))
    sizes = size[told]
    return Statistic(
        rhat=float(np.median(rhat[told])),
        worst_rhat=float(rhat[told].max()),
        size=float(np.median(sizes)),
        least_size=float(sizes.min()),
        constant=int((~told).sum()),
    )
