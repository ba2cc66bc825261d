"""What the branches of a variant show of an attacker: averaged over its tree, else counted in played rounds."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...games import BackdoorGame
from ...games.base import Streams
from ...games.outcomes import PLANTED
from ...players.attackers import Attacker
from ...players.defenders import AlwaysClean
from ...spaces.distributions import Distribution
from ..variants import Joint, Variant
from .asking import BLOCK, ORIGINALS, legal_places
from .plans import NotExact, PlanQuestions
from .ways import ESTIMATED, only_sampled, weakest

Indices = npt.NDArray[np.int64]


def joint_of(
    game: BackdoorGame,
    distribution: Distribution,
    attacker: Attacker,
    ready: Attacker,
    variant: Variant,
    sampled: bool,
) -> tuple[Joint, str]:
    """What this attacker, `ready` as its `prepare` returned it, picks and plants, and how it was averaged.

    Raises
    ------
    MissingCapability
        Where it could only be sampled and must not be.
    """
    asked = PlanQuestions(game, distribution, ready, variant)
    try:
        found, how = _averaged(asked)
        for turn in asked.turns[1:]:  # it is to answer the set, not the order
            asked.turn = turn
            again, _ = _averaged(asked)
            if not np.allclose(found.picked, again.picked) or not np.allclose(found.planted, again.planted):
                raise NotExact
    except NotExact:
        if not sampled:
            raise only_sampled(attacker) from None
        return _counted(game, attacker, variant), ESTIMATED
    return found, how


def _averaged(asked: PlanQuestions) -> tuple[Joint, str]:
    """From the laws of f, of f* at each (entry, f), and of the trigger given which plants are legal."""
    variant, legal, (sets, points) = asked.variant, asked.legal, asked.variant.entries
    codes, roots, how = asked.roots()
    member = asked.game.functions.are_members(codes)
    codes, roots = codes[member], roots[:, member]
    (M, K), who, F = (len(sets), len(codes)), legal.find(codes), len(legal.codes)
    nothing = np.zeros(0, dtype=np.int64)
    rows, triples, chances = [nothing], [nothing], [np.zeros(0)]
    for start in range(0, M * K, BLOCK):
        mine = np.arange(start, min(start + BLOCK, M * K))
        law, way = asked.plants(codes[mine % K], mine // K, 1)
        found = legal_places(legal, points[mine // K] * F + who[mine % K], law)
        how = weakest(how, way)
        rows.append(mine[found[0]])
        triples.append(found[1])
        chances.append(found[2])
    row, triple, chance = np.concatenate(rows), np.concatenate(triples), np.concatenate(chances)
    planted = np.bincount(row, weights=chance, minlength=M * K).astype(np.float64).reshape(M, K)
    picks, way = asked.picks(codes, planted)
    reached = variant.chances[sets, None] * roots[sets] * picks
    picked, at = np.zeros((len(legal.weights), K)), np.zeros(legal.shape)
    np.add.at(picked, points, reached)
    picked += legal.weights[:, None] * (variant.chances @ roots - reached.sum(axis=0))  # a fresh x for what is no pick
    np.add.at(at.T, who, picked.T)
    plants = np.bincount(triple, weights=chance * reached.ravel()[row], minlength=legal.triples)
    return Joint(np.maximum(at, 0.0), plants.astype(np.float64)), weakest(how, way)


def _counted(game: BackdoorGame, attacker: Attacker, variant: Variant) -> Joint:
    """The shares of rounds that are played with fixed seeds."""
    run, streams = dataclasses.replace(game.ready(attacker, AlwaysClean()), keep=True), Streams(0, game, "average")
    legal = variant.legal
    picked, planted = np.zeros(legal.shape), np.zeros(legal.triples)
    for start in range(0, ORIGINALS, BLOCK):
        outcome = run.play(streams, range(start, min(start + BLOCK, ORIGINALS)))[0]
        kept, valid = outcome.kept, outcome.shown[0]
        assert kept is not None
        assert kept.f is not None
        assert kept.f_star is not None
        assert kept.x_star is not None
        f, x = legal.find(kept.f[valid]), legal.place(kept.x_star[valid])
        np.add.at(picked, (x, f), 1 / ORIGINALS)
        laid = outcome.status[valid] == PLANTED
        law = np.arange(laid.sum()), kept.f_star[valid][laid], np.full(int(laid.sum()), 1 / ORIGINALS)
        _, triples, shares = legal_places(legal, (x * legal.shape[1] + f)[laid], law)
        np.add.at(planted, triples, shares)
    return Joint(picked, planted)
