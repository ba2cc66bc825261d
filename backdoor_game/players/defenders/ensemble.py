"""Distillation and voting: members trained on fresh examples of f' vote on its label at x'."""

from __future__ import annotations

import dataclasses

from ... import bounds
from ...functions.base import Floats
from ...ground import _validate
from ...ground.chances import binomial_tail, least_count
from ...ground.errors import MissingCapability
from ...ground.inheritance import overrides, untouched
from ...ground.spec import text
from ..learners import Closure, Learner, OneInclusion
from ..views import DefenderBlock, GameLike
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class DistillationEnsemble(BlockDefender):
    """Flags where at least ``threshold`` of the members, each trained on fresh examples of f', disagree with f'(x').

    What is left None comes from the theorem [CHLX25] Theorem 4.1, [HKMMM22] Theorem 3.1: closure on intersection-closed
    classes and one-inclusion elsewhere, m + 1 = floor(1/epsilon), threshold q/2 with q = (1 - epsilon)^m, and as many
    members as bring Hoeffding's term under 1/100. ``members=1`` is a single distillation: m = round(sqrt(2d/epsilon)),
    threshold 1/2. *Proved* with a learner whose expected error is at most d/(m+1).

    Parameters
    ----------
    learner : Learner, optional
        What each member learns with.
    members : int, optional
        T, the members that vote.
    examples : int, optional
        m, the fresh examples of each member.
    threshold : float, optional
        The share of members that must disagree for a flag.
    """

    learner: Learner | None = None
    members: int | None = None
    examples: int | None = None
    threshold: float | None = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.members is not None:
            _validate.integer("members", self.members, 1, 10**6)
        if self.examples is not None:
            _validate.integer("examples", self.examples, 0, 10**7)
        if self.threshold is not None:
            _validate.real("threshold", self.threshold, 0.0, 1.0)

    def prepare(self, game: GameLike) -> DistillationEnsemble:
        learner = self.learner or (Closure() if game.functions.intersection_closed else OneInclusion())
        examples = self._examples(game)
        members = self.members or bounds.voting_members(game.epsilon, examples)
        threshold = self.threshold
        if threshold is None:
            threshold = 0.5 if members == 1 else bounds.voting_threshold(game.epsilon, examples)
        count = max(int(threshold > 0), bounds.votes_needed(members, threshold))
        return dataclasses.replace(
            self,
            learner=learner.prepare(game.functions, examples),
            members=members,
            examples=examples,
            threshold=count / members,
        )

    def _examples(self, game: GameLike) -> int:
        if self.examples is not None:
            return self.examples
        if game.epsilon == 0:
            raise MissingCapability("DistillationEnsemble() cannot choose examples at epsilon 0: pass examples=...")
        if self.members != 1:
            return bounds.voting_examples(game.epsilon)
        d = game.functions.vc_dimension
        if d is None:
            name = text(game.functions)[:200]
            raise MissingCapability(f"the VC dimension of {name} is unknown: pass DistillationEnsemble(examples=...)")
        return bounds.single_examples(d, game.epsilon)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        learner, members, examples, _ = self._numbers()
        sample = view.sample(examples, members)
        labels = view.evaluate(view.X[:, None, :])[:, 0]
        return learner.votes(sample, view.X, labels, view.keys) / members

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """The binomial tail of one member's chance to err; see `Learner.error_probability`."""
        learner, members, examples, threshold = self._numbers()
        functions, distribution = view.game.functions, view.distribution
        if distribution is None:
            raise MissingCapability("an exact probability of a vote needs a game with a fixed distribution")
        base = not overrides(learner, Learner.error_probability)  # which looks at `order_free` alone
        wrong = None
        if base or untouched(learner, "error_probability"):
            wrong = learner.error_probability(functions, distribution, examples, view.codes, view.X)
        if wrong is None:
            raise MissingCapability(
                f"no exact probability is known that {text(learner)[:200]} errs on {text(functions)[:200]} "
                f"under {text(distribution)[:200]}: take a law with at most 12 points of positive weight, or estimate"
            )
        return binomial_tail(least_count(members, threshold), members, wrong)

    def _numbers(self) -> tuple[Learner, int, int, float]:
        """Learner, members, examples and threshold, once `prepare` has filled them."""
        if self.learner is None or self.examples is None or self.members is None or self.threshold is None:
            raise MissingCapability("DistillationEnsemble has Nones left: call prepare(game), as the engine does")
        return self.learner, self.members, self.examples, self.threshold
