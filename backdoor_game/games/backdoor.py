"""The backdoor game G(F, epsilon) of [CHLX25] section 3: the definition, played a block of rounds at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..functions import FunctionClass
from ..functions.base import Codes
from ..functions.distance import ILLEGAL as TOO_FAR
from ..functions.distance import UNDECIDED as UNCERTAIN
from ..functions.distance import judge
from ..functions.held import refuse_incomplete
from ..ground import _validate
from ..ground._cast import cast
from ..ground.errors import InvalidArgument, MissingCapability
from ..ground.lookup import made
from ..ground.origins import WHERE_SET
from ..ground.progress import Progress
from ..ground.streams import ROLES, Words
from ..players.attackers import Attacker
from ..players.attackers.base import OUTSIDE, PLANT
from ..players.defenders import Defender
from ..players.views import AttackerBlock, DefenderBlock, Log, Meter
from ..spaces.checked import checked
from ..spaces.distributions import Distribution
from ..spaces.domains import Points
from .base import Game, Run, Streams, blank
from .contract import ask_original, ask_plants, ask_prepare, ask_suspicion, ask_triggers, blamed, call
from .outcomes import FORFEIT, ILLEGAL, PLANTED, UNDECIDED, Kept, Outcome
from .reveals import AttackerRun, Reveal
from .reveals.base import traced
from .triggers import AfterOriginal, TriggerLaw
from .triggers.base import SHOWN, admitted, checked_offer, made_law

CLEAN_INPUTS = ("fresh", "trigger")
BUDGETS = tuple(
    f"{player}_{what}" for player in ("defender", "attacker") for what in ("examples", "queries", "evaluations")
)


@dataclasses.dataclass(frozen=True, repr=False)
class BackdoorGame(Game):
    """A class F, a budget epsilon, and D where it is fixed (else the attacker picks it).

    Parameters
    ----------
    functions : FunctionClass
    epsilon : float in [0, 1]
        f* may differ from f on at most this much mass, ties included; may be typed as a fraction, "1/8".
    distribution : Distribution, optional
    defender_examples, defender_evaluations, defender_queries : int, optional
        Budgets a branch; going over one loses that branch. A query is one label of the shown function at one point,
        asked through the view; an evaluation is a query, or work on a code that is owned up to. An answer that comes
        although something was refused does not count.
    attacker_examples, attacker_evaluations, attacker_queries : int, optional
        Budgets a round; going over one forfeits the round. They bind what goes through the view and what is owned up to
        by `charge`; `legal` and `distance` are the referee's word and free.
    black_box : bool
        The defender cannot read the code of the function that it is shown.
    trigger : TriggerLaw
        Who picks the trigger, from what and when: `AfterOriginal` as in the source, `BeforeOriginal`, `Chosen`,
        `WorstOf` several draws, or any that is `Satisfying` a predicate.
    clean_input : str
        What the clean branch shows f with: "fresh", an x of its own, or "trigger", x* itself.
    reveal : Reveal, optional
        What of the attacker's run the defender is shown in both branches: `Original` bits, `Coins`, its
        `AttackerTranscript`. A reveal of nothing, such as ``Original(bits=0)``, is None.

    Raises
    ------
    InvalidArgument
        For values outside their range, or a distribution on another domain.
    """

    plays = "rounds"
    attackers = (Attacker, "NearestLegal()")
    defenders = (Defender, "CoinFlip()")

    functions: FunctionClass
    epsilon: float
    distribution: Distribution | None = None
    defender_examples: int | None = None
    defender_evaluations: int | None = None
    attacker_evaluations: int | None = None
    defender_queries: int | None = None
    attacker_examples: int | None = None
    attacker_queries: int | None = None
    black_box: bool = False
    trigger: TriggerLaw = dataclasses.field(default_factory=AfterOriginal, metadata=WHERE_SET)
    clean_input: str = dataclasses.field(default="fresh", metadata=WHERE_SET)
    reveal: Reveal | None = dataclasses.field(default=None, metadata=WHERE_SET)

    if TYPE_CHECKING:  # epsilon may be typed as a fraction, which the field does not hold

        def __init__(
            self,
            functions: FunctionClass,
            epsilon: float | str,
            distribution: Distribution | None = None,
            defender_examples: int | None = None,
            defender_evaluations: int | None = None,
            attacker_evaluations: int | None = None,
            defender_queries: int | None = None,
            attacker_examples: int | None = None,
            attacker_queries: int | None = None,
            black_box: bool = False,
            trigger: TriggerLaw | str = ...,
            clean_input: str = "fresh",
            reveal: Reveal | str | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        functions: FunctionClass = made(self.functions, FunctionClass, "functions", "Thresholds(points=10)")
        refuse_incomplete(functions)
        object.__setattr__(self, "functions", functions)
        object.__setattr__(self, "epsilon", _validate.real("epsilon", self.epsilon, 0.0, 1.0))
        if self.distribution is not None:
            law: Distribution = made(self.distribution, Distribution, "distribution", "Uniform()")
            object.__setattr__(self, "distribution", law.on(self.functions.domain))
        for budget in BUDGETS:
            if getattr(self, budget) is not None:
                object.__setattr__(self, budget, _validate.integer(budget, getattr(self, budget), 0))
        object.__setattr__(self, "black_box", cast("black_box", self.black_box, bool))
        if self.clean_input not in CLEAN_INPUTS:
            raise InvalidArgument(f'clean_input must be "fresh" or "trigger", got {self.clean_input!r}')
        if self.reveal is not None:
            reveal: Reveal = made(self.reveal, Reveal, "reveal", "Original(bits=4)")
            object.__setattr__(self, "reveal", None if reveal.nothing else reveal)
        object.__setattr__(self, "trigger", made_law(self.trigger))
        blamed(lambda: self.trigger.check(self))

    @property
    def plain(self) -> bool:
        """Whether it is the game of the source: x* drawn after f, a fresh clean input, and nothing revealed."""
        return self.trigger == AfterOriginal() and self.clean_input == "fresh" and self.reveal is None

    def attacking(self, attacker: Attacker) -> Attacker:
        able: Attacker = ask_prepare("attacker", attacker, Attacker, self)
        return able

    def defending(self, defenders: Sequence[Defender], progress: Progress) -> tuple[Defender, ...]:
        return tuple(ask_prepare("defender", defender, Defender, self) for defender in defenders)

    @property
    def entries(self) -> int:
        offered = self.trigger.draws or SHOWN
        return self.functions.code_length + (0 if offered == 1 else offered * self.functions.domain.n)

    def setup(self, attacker: Attacker) -> Distribution:
        """The distribution of a run: the game's, else the one that the attacker picks."""
        if self.distribution is not None:
            return self.distribution
        chosen = call(attacker, "distribution", lambda: attacker.distribution(self))
        if not isinstance(chosen, Distribution):
            raise InvalidArgument(f"distribution() must return a Distribution such as Uniform(), got {chosen!r}")
        law = chosen.on(self.functions.domain)
        self.trigger.check(dataclasses.replace(self, distribution=law))  # what it can draw is known only now
        return law

    def play(self, run: Run, streams: Streams, rounds: range) -> list[Outcome]:
        """The definition: f, the trigger and f* are made once, and shown to each defender as if it were alone."""
        assert run.distribution is not None
        attacker = run.attacker
        keys = {role: streams.keys(role, rounds) for role in ROLES}
        D, functions, B = checked(run.distribution, self.functions.domain), self.functions, len(rounds)

        # 1. The attacker has picked D; it picks f, where the law has it so with a trigger before its eyes.
        meter = self.attacker_meter(B)
        log: Log | None = None if self.reveal is None else [[] for _ in range(B)]
        early = self._offered(D, keys["trigger"]) if self.trigger.before_original else None
        seen = None if early is None or early.shape[1] > 1 else early[:, 0]
        choosing = AttackerBlock(self, D, keys["choose"], meter, X_star=seen, offered=early, log=log)
        if log is not None and early is not None:
            choosing.note("offered", early)
        f, too_dear = ask_original(attacker, choosing, self.attacker_meter)
        valid = functions.are_members(f)
        if not valid.all():
            f = np.where(valid[:, None], f, functions.draw_members(keys["referee"])).astype(f.dtype)

        # 2. A trigger is drawn, of which the attacker has no say; but for the laws that give it one.
        x_fresh = D.sample_block(keys["fresh"], 0, 1)[:, 0]
        streams_of: dict[str, Any] = {"referee_keys": keys["referee"], "oracle_keys": keys["oracle/attacker"]}
        offered = self._offered(D, keys["trigger"]) if early is None else early
        refused, pick_keys = np.zeros(B, dtype=bool), np.zeros_like(keys["choose"])  # no coin is tossed
        if offered is not None and offered.shape[1] == 1:
            x_star = offered[:, 0]
        else:
            pick_keys = streams.keys("pick", rounds)
            streams_of_pick = {**streams_of, "plant_keys": keys["plant"], "offered": offered}
            picking = AttackerBlock(self, D, pick_keys, meter, codes=f, **streams_of_pick)
            x_star, dear = ask_triggers(attacker, picking, self.attacker_meter)
            refused = ~self._admitted(D, offered, x_star) & ~dear
            too_dear = too_dear | dear
            x_star = np.where((refused | dear)[:, None], x_fresh, x_star)

        # 3. The attacker plants f*, or forfeits.
        planting = AttackerBlock(self, D, keys["plant"], meter, codes=f, X_star=x_star, offered=offered, **streams_of)
        f_star, answers = ask_plants(attacker, planting, self.attacker_meter)
        status = self._status(D, f, f_star, x_star, answers, keys["referee"])
        status[~valid | refused] = ILLEGAL
        status[too_dear] = FORFEIT

        # 4. A coin says which of (f, fresh x) and (f*, x*) the defender sees first; then it sees the other.
        coin = (keys["coin"] >> np.uint64(63)).astype(np.uint8)
        shown = np.stack([valid, (status == PLANTED) | (status == UNDECIDED)])
        x_clean = x_star if self.clean_input == "trigger" else x_fresh
        codes, X = np.concatenate([f, f_star]), np.concatenate([x_clean, x_star])
        trace = None
        if self.reveal is not None:
            coins = np.stack([keys["choose"], pick_keys, keys["plant"]], axis=1)
            trace = traced(self.reveal, AttackerRun(functions, f, coins, tuple(map(tuple, log or []))))
        outcomes = []
        for defender in run.defenders:
            outcome = blank(status, shown, coin, meter)
            for turn in (0, 1):
                branch = (coin != turn).astype(np.intp)
                rows = np.flatnonzero(shown[branch, np.arange(B)])
                place = branch[rows] * B + rows
                player, oracle = keys[f"defender/{turn}"][rows], keys[f"oracle/{turn}"][rows]
                metered = self._defender_meter(len(rows))
                shown_trace = None if trace is None else trace[rows]
                shown_too: dict[str, Any] = {"black_box": self.black_box, "trace": shown_trace}
                view = DefenderBlock(self, D, codes[place], X[place], player, oracle, metered, **shown_too)
                self._defend(defender, view, outcome, branch[rows], rows)
            outcomes.append(outcome if not run.keep else dataclasses.replace(outcome, kept=Kept(f, f_star, x_star)))
        return outcomes

    def _offered(self, D: Distribution, keys: Words) -> Points | None:
        """What nature offers in each round (B, q, n), held to the domain; None where it offers nothing."""
        return checked_offer(self.trigger, self.trigger.offered(D, keys), self.functions.domain, len(keys))

    def _admitted(self, D: Distribution, offered: Points | None, X: Points) -> npt.NDArray[np.bool_]:
        """Which of the triggers (B, n) that the attacker picked the law leaves to it."""
        if offered is None:
            return admitted(self.trigger, D, X)
        return np.asarray((offered == X[:, None, :]).all(axis=2).any(axis=1))

    def _status(
        self, D: Distribution, f: Codes, f_star: Codes, x_star: Points, answers: npt.NDArray[np.int8], keys: Words
    ) -> npt.NDArray[np.int8]:
        """PLANTED, FORFEIT, ILLEGAL or UNDECIDED: membership first, then f*(x*) != f(x*), then the distance."""
        functions = self.functions
        tried = answers == PLANT
        member = functions.are_members(f_star) & tried
        g = f_star if member.all() else np.where(member[:, None], f_star, f)
        X = x_star[:, None, :]
        rows = np.flatnonzero(member & (functions.member_labels(g, X) != functions.member_labels(f, X))[:, 0])
        status = np.full(len(f), ILLEGAL)
        if len(rows):  # distances are dear
            verdict = judge(functions, D, f[rows], g[rows], self.epsilon, keys[rows])
            status[rows] = np.where(verdict == TOO_FAR, ILLEGAL, np.where(verdict == UNCERTAIN, UNDECIDED, PLANTED))
        return np.where(tried | (answers == OUTSIDE), status, FORFEIT).astype(np.int8)

    def _defend(
        self,
        defender: Defender,
        view: DefenderBlock,
        outcome: Outcome,
        branch: npt.NDArray[np.intp],
        rows: npt.NDArray[np.intp],
    ) -> None:
        """One of the two calls: note what the defender says of each row, and what it used."""
        if not len(rows):
            return
        suspicion, over = ask_suspicion(defender, view, lambda: self._defender_meter(1))
        outcome.suspicion[branch, rows] = suspicion
        outcome.over_budget[branch, rows] = over
        outcome.examples[branch, rows] = view.meter.examples
        outcome.evaluations[branch, rows] = view.meter.evaluations
        outcome.queries[branch, rows] = view.meter.queries

    def attacker_meter(self, rows: int = 1) -> Meter:
        """What counts an attacker's work in so many rounds, with the game's budgets."""
        budgets = {"evaluations": self.attacker_evaluations, "queries": self.attacker_queries}
        return Meter(rows, examples=self.attacker_examples, **budgets)

    def _defender_meter(self, rows: int) -> Meter:
        return Meter(
            rows,
            examples=self.defender_examples,
            evaluations=self.defender_evaluations,
            queries=self.defender_queries,
        )


def refuse_variant(game: Any, who: str) -> None:
    """Refuse, in one sentence, a game that `who`, made for the source's own, does not know."""
    if isinstance(game, BackdoorGame) and not game.plain:
        raise MissingCapability(
            f"{who} knows the game whose trigger is drawn after f, with a fresh clean input and nothing revealed: "
            "leave trigger, clean_input and reveal out"
        )
