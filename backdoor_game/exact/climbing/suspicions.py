"""How likely a defender flags a pair (f', x'), and a purse that pays for such questions."""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any

import numpy as np

from ...functions.base import Codes, Floats
from ...games.contract import ask_suspicion
from ...ground.errors import MissingCapability
from ...ground.inheritance import untouched
from ...ground.streams import Words, draws
from ...players.defenders import Defender
from ...players.views import DefenderBlock, GameLike, Meter
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..averaging.coinless import flagged_without_coins, stated_probability
from ..averaging.ways import CLOSED, DETERMINISTIC, ESTIMATED, Arrays, Order, Seal, SealedKeys, without_coins

ROWS = 4096  # questions a call: as many as rounds in a block of play


class Suspicions:
    """A prepared defender on a game.

    Answers are its `suspicion_probability` where it offers one, 0 or 1 where it uses neither coins nor examples, and
    else the share of flags in `repeats` calls. The coins and examples of these are a function of `key` and the pair,
    so that answers depend neither on their order nor on the size of a batch.

    Attributes
    ----------
    how : str
        closed form, deterministic or estimated.
    cost : int
        Queries that one answer costs: 1, or `repeats` where it is estimated.
    """

    def __init__(
        self, game: GameLike, distribution: Distribution, inner: Defender, key: np.uint64, repeats: int
    ) -> None:
        self._game, self._distribution, self._inner, self._key = game, distribution, inner, key.tobytes()
        self.how = self._way()
        self.cost = repeats if self.how == ESTIMATED else 1

    def _way(self) -> str:
        """Found out on one pair."""
        key = np.zeros(1, dtype=np.uint64)
        codes, X = self._game.functions.sample_block(key), self._distribution.sample_block(key, 0, 1)[:, 0]
        if untouched(self._inner, "suspicion_probability"):
            with contextlib.suppress(MissingCapability, NotImplementedError):
                stated_probability(self._inner, self._view(codes, X, key, key))
                return CLOSED
        return DETERMINISTIC if self._coinless(codes, X) else ESTIMATED

    def ask(self, codes: Codes, X: Points) -> Floats:
        """Pr[flagged] for codes (B, L) at X (B, n), shape (B,)."""
        step = max(1, ROWS // self.cost)
        parts = [slice(start, start + step) for start in range(0, len(codes), step)]
        return np.concatenate([np.zeros(0), *(self._member_labels(codes[part], X[part]) for part in parts)])

    def _member_labels(self, codes: Codes, X: Points) -> Floats:
        keys = pair_keys(self._key, codes, X)
        if self.how == CLOSED:
            return stated_probability(self._inner, self._view(codes, X, keys, keys))
        words = draws(keys, 0, 2 * self.cost)
        player, oracle = words[:, : self.cost].ravel(), words[:, self.cost :].ravel()
        view = self._view(np.repeat(codes, self.cost, axis=0), np.repeat(X, self.cost, axis=0), player, oracle)
        suspicion, _ = ask_suspicion(self._inner, view, lambda: Meter(1))
        return np.asarray((suspicion >= self._inner.threshold).reshape(len(codes), -1).mean(axis=1))

    def _coinless(self, codes: Codes, X: Points) -> bool:
        """Whether it uses neither coins nor examples on these pairs."""

        def ask(order: Order, seal: Seal) -> Arrays:
            sealed: Any = SealedKeys(len(order), seal)
            return (flagged_without_coins(self._inner, self._view(codes[order], X[order], sealed, sealed), seal),)

        return without_coins(ask, len(codes)) is not None

    def _view(self, codes: Codes, X: Points, keys: Words, oracle_keys: Words) -> DefenderBlock:
        meter = Meter(len(codes))
        return DefenderBlock(self._game, self._distribution, codes.copy(), X.copy(), keys, oracle_keys, meter)


class Purse:
    """Pays for questions out of `budget` queries; finding out how the defender answers has cost the first.

    Attributes
    ----------
    used : int
        Queries paid for so far.
    """

    def __init__(self, suspicions: Suspicions, budget: int) -> None:
        self._suspicions, self._budget, self.used = suspicions, budget, 1

    @property
    def left(self) -> int:
        """How many more answers there may be."""
        return (self._budget - self.used) // self._suspicions.cost

    def ask(self, codes: Codes, X: Points) -> Floats:
        """Pr[flagged] for codes (B, L) at X (B, n), shape (B,); nan from where on the budget did not reach."""
        count = min(len(codes), self.left)
        self.used += count * self._suspicions.cost
        return np.concatenate([self._suspicions.ask(codes[:count], X[:count]), np.full(len(codes) - count, np.nan)])


def pair_keys(key: bytes, codes: Codes, X: Points) -> Words:
    """A key for each pair (f', x') that depends on the pair alone, uint64 (B,)."""
    pairs = (code.tobytes() + x.tobytes() for code, x in zip(codes, X, strict=True))
    digests = [hashlib.blake2b(pair, digest_size=8, key=key).digest() for pair in pairs]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
