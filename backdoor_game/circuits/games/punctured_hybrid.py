"""The middle step of the proof of Theorem 5.2: a function, or its key punctured at the input with the right answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...functions.base import Codes
from ...games.base import Game, Run, Streams, blank
from ...games.contract import ask_original, ask_prepare, ask_suspicion, call
from ...games.outcomes import PLANTED, Kept, Outcome
from ...games.triggers import AfterOriginal, TriggerLaw
from ...ground._cast import cast
from ...ground.lookup import made
from ...ground.progress import Progress
from ...ground.streams import ROLES, Words
from ...players.defenders import Defender
from ...players.views import AttackerBlock, DefenderBlock, Meter
from ...spaces.checked import checked
from ...spaces.distributions import Distribution, Uniform
from ...spaces.domains import Points
from ..classes import Circuits
from ..players import PuncturedPRFAttacker

Keys = dict[str, Words]


@dataclasses.dataclass(frozen=True, repr=False)
class PuncturedHybrid(Game):
    """The defender sees (f, x*), or (f', x*): f' obfuscates f's key punctured at x*, with f's own label there.

    The hybrid in the middle of [CHLX25] Theorem 5.2: f and f' are one function, so that indistinguishability
    obfuscation alone must hide which of them is shown. Under `Canonical` they are one code and nobody wins more than
    1/2; under `Identity` the comparator with x* lies open. D is uniform, and epsilon is the mass of one input, as in
    the game of the theorem. Both branches of a round use the same coins: what differs is the code alone.

    Parameters
    ----------
    functions : Circuits
        With room for what the attacker makes: ``obfuscator.gates(n, punctured_gates(key_bits, n))``.
    black_box : bool
        The defender cannot read the code; both branches then look alike, whatever the obfuscator.

    Raises
    ------
    InvalidArgument
        For another class than circuits.
    """

    plays = "rounds"
    attackers = (PuncturedPRFAttacker, "PuncturedPRFAttacker()")
    defenders = (Defender, "StructuralDefender()")

    functions: Circuits
    black_box: bool = False

    def __post_init__(self) -> None:
        functions = made(self.functions, Circuits, "functions", "Circuits(bits=8, gates=1484)")
        object.__setattr__(self, "functions", functions)
        object.__setattr__(self, "black_box", cast("black_box", self.black_box, bool))

    @property
    def epsilon(self) -> float:
        """2^-n: what a flip of one label weighs."""
        return float(2.0**-self.functions.bits)

    @property
    def distribution(self) -> Distribution:
        """Uniform on n bits."""
        return Uniform().on(self.functions.domain)

    @property
    def trigger(self) -> TriggerLaw:
        """x* is drawn once f is chosen."""
        return AfterOriginal()

    @property
    def clean_input(self) -> str:
        """Both branches show x*."""
        return "trigger"

    @property
    def reveal(self) -> None:
        return None

    @property
    def entries(self) -> int:
        return self.functions.code_length

    def attacking(self, attacker: Any) -> PuncturedPRFAttacker:
        able: PuncturedPRFAttacker = ask_prepare("attacker", attacker, PuncturedPRFAttacker, self)
        return able

    def defending(self, defenders: Sequence[Any], progress: Progress) -> tuple[Defender, ...]:
        return tuple(ask_prepare("defender", defender, Defender, self) for defender in defenders)

    def setup(self, attacker: Any) -> Distribution:
        return self.distribution

    def shown(self, run: Run, streams: Streams, rounds: range) -> tuple[Codes, Codes, Points]:
        """What the two branches of each round show: codes of f and of f', each (B, L), and the input of both (B, n)."""
        keys = {role: streams.keys(role, rounds) for role in ("choose", "trigger", "plant")}
        D, B, attacker = checked(self.distribution, self.functions.domain), len(rounds), run.attacker
        choosing = AttackerBlock(self, D, keys["choose"], Meter(B))
        f = ask_original(attacker, choosing, lambda: Meter(1))[0]
        x_star = D.sample_block(keys["trigger"], 0, 1)[:, 0]
        planting = AttackerBlock(self, D, keys["plant"], Meter(B), codes=f, X_star=x_star)
        return f, call(attacker, "punctured_block", lambda: attacker.punctured_block(planting)), x_star

    def play(self, run: Run, streams: Streams, rounds: range) -> list[Outcome]:
        """Both codes are made once, and shown to each defender as if it were alone, in the order of the coin."""
        keys = {role: streams.keys(role, rounds) for role in ROLES}
        f, punctured, x_star = self.shown(run, streams, rounds)
        codes, X = np.stack([f, punctured]), x_star
        outcomes = [self._answers(defender, codes, X, keys) for defender in run.defenders]
        kept = Kept(f, punctured, x_star) if run.keep else None
        return [dataclasses.replace(outcome, kept=kept) for outcome in outcomes]

    def _answers(self, defender: Defender, codes: Codes, X: Points, keys: Keys) -> Outcome:
        """What a defender says of codes (2, B, L) at the inputs X (B, n): two calls, under the same coins."""
        B = len(X)
        coin = (keys["coin"] >> np.uint64(63)).astype(np.uint8)
        outcome = blank(np.full(B, PLANTED), np.ones((2, B), dtype=bool), coin, Meter(B))
        rows, D = np.arange(B), checked(self.distribution, self.functions.domain)
        for turn in (0, 1):
            branch = (coin != turn).astype(np.intp)
            own, oracle = keys["defender/0"].copy(), keys["oracle/0"].copy()
            shown = codes[branch, rows]
            view = DefenderBlock(self, D, shown, X.copy(), own, oracle, Meter(B), black_box=self.black_box)
            outcome.suspicion[branch, rows], outcome.over_budget[branch, rows] = ask_suspicion(
                defender, view, lambda: Meter(1)
            )
            outcome.examples[branch, rows] = view.meter.examples
            outcome.evaluations[branch, rows] = view.meter.evaluations
            outcome.queries[branch, rows] = view.meter.queries
        return outcome
