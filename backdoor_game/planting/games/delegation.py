"""Delegation: a model that someone else has trained, with the record of whose coins went into it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions import Function
from ...games.contract import ask_prepare
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.showing import fields
from ...ground.streams import Generators
from ...players.defenders import Defender
from ..coins import PROTOCOLS, Transcript, commitment, new_seed
from ..datasets import Split
from ..delegates import Delegate, KeepsCoins
from ..keys.keys import Key
from ..views import Shown
from .base import Keys, ModelGame
from .delegate_contract import Steps


@dataclasses.dataclass(frozen=True, eq=False)
class Dealt:
    """What a delegate has handed in, and what the referee knows besides.

    Attributes
    ----------
    model : Function
    key : Key or None
        The delegate's, fixed before anything was published.
    transcript : Transcript
    planted : bool
        Whether the model is another than published coins and the data determine, or the delegate had a say in those
        coins and says that it used it.
    """

    model: Function
    key: Key | None
    transcript: Transcript
    planted: bool

    __repr__ = fields


@dataclasses.dataclass(frozen=True, repr=False)
class Delegation(ModelGame):
    """An auditor sees an honest delegate's model and transcript, or the attacker's, and accepts or rejects.

    The attacker fixes its key; the coins are settled by the protocol; it hands in coins and weights. Where it
    had no say in the coins, and hands in what they and the data determine, it has planted nothing, and forfeits. That
    a backdoor is kept out so is said of backdoors through these coins: adversarial inputs and poisoned data remain.

    Parameters
    ----------
    coins : str
        "attacker": it draws them. "seed": the verifier publishes one, which is expanded. "attacker seed": it picks the
        seed. "committee": members commit to words, reveal them, and their sum modulo 1 counts; the attacker is the
        last of them. "open committee": without commitments.
    members : int
        Of a committee, the attacker included.
    """

    attackers = (Delegate, "PlantsAnyway(CLWEBackdoor(k=16, beta=0.1))")  # type: ignore[assignment]
    defenders = (Defender, "CoinAudit()")
    shows_transcript = True

    coins: str = "seed"
    members: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.coins not in PROTOCOLS:
            raise InvalidArgument(f"Delegation.coins must be one of {', '.join(PROTOCOLS)}, got {self.coins!r}")
        object.__setattr__(self, "members", _validate.integer("Delegation.members", self.members, 2, 1024))
        sum(self.functions.coin_laws)

    def attacking(self, attacker: Any) -> Any:
        return ask_prepare("attacker", attacker, Delegate, self)

    def deal(self, delegate: Delegate, split: Split, own: np.random.Generator, verifier: np.random.Generator) -> Dealt:
        """Play the protocol once.

        Parameters
        ----------
        delegate : Delegate
            As `prepared` gives it.
        split : Split
            The user's data.
        own, verifier : numpy Generator
            What the delegate draws from, and what the verifier and the other members draw from.
        """
        model, key, transcript = self._handed_in(delegate, split, own, verifier)
        kept = self._kept(model, transcript, split)
        free = self.coins not in ("seed", "committee")
        planted = delegate.plants if kept is None else not kept or (free and delegate.plants)
        return Dealt(model, None if key is None else key.of(model), transcript, planted)

    def _handed_in(
        self, delegate: Delegate, split: Split, own: np.random.Generator, verifier: np.random.Generator
    ) -> tuple[Function, Key | None, Transcript]:
        steps = Steps(delegate, self.functions, own)
        key = steps.key()
        if self.coins in ("attacker", "seed", "attacker seed"):
            transcript = self._seeded(steps, key, verifier)
        else:
            transcript = self._committee(steps, key, verifier)
        coins = steps.coins(key, transcript.coins(self.functions))
        return steps.model(coins, split), key, transcript

    def _kept(self, model: Function, transcript: Transcript, split: Split) -> bool | None:
        """Whether the model is what the published coins and the data determine; None where none were published."""
        published = transcript.coins(self.functions)
        if published is None:
            return None
        if transcript.broken() or not np.array_equal(model.code[: len(published)], published):
            return False
        return np.array_equal(model.code, self.functions.fitted(published, split.X, split.y).code)

    def _seeded(self, steps: Steps, key: Key | None, verifier: np.random.Generator) -> Transcript:
        if self.coins == "attacker":
            return Transcript(self.coins)
        return Transcript(self.coins, seed=steps.seed(key) if self.coins == "attacker seed" else new_seed(verifier))

    def _committee(self, steps: Steps, key: Key | None, verifier: np.random.Generator) -> Transcript:
        """The honest members' shares, then the delegate's; commitments come before any of them is seen."""
        count = sum(self.functions.coin_laws)
        others = tuple(verifier.integers(0, 2**64, count, dtype=np.uint64) for _ in range(self.members - 1))
        for words in others:
            words.setflags(write=False)
        if self.coins == "open committee":
            return Transcript(self.coins, shares=(*others, steps.share(key, others)))
        share = steps.share(key, None)
        nonces = tuple(new_seed(rng) for rng in (*[verifier] * len(others), steps.rng))
        bound = tuple(commitment(words, nonce) for words, nonce in zip((*others, share), nonces, strict=True))
        revealed = steps.revealed(key, share, others)
        return Transcript(self.coins, shares=(*others, revealed), nonces=nonces, commitments=bound)

    def clean_branch(self, attacker: Delegate | None, keys: Keys, r: int) -> Shown:  # type: ignore[override]
        own, verifier = Generators().keyed(keys["fresh"][r]), Generators().keyed(keys["oracle/attacker"][r])
        split = self.data.split(Generators().keyed(keys["choose"][r]))
        model, _, transcript = self._handed_in(KeepsCoins(), split, own, verifier)
        referee = Generators().keyed(keys["referee"][r])
        fresh = None if attacker is None else Steps(attacker, self.functions, referee).key()
        secret = None if attacker is None or fresh is None else (attacker.backdoor, fresh)
        return Shown(model, split, secret=secret, transcript=transcript)

    def planted_branch(self, attacker: Delegate, keys: Keys, r: int) -> Shown | None:  # type: ignore[override]
        dealt, split = self.dealt(attacker, keys, r)
        if not dealt.planted:
            return None
        return Shown(dealt.model, split, secret=(attacker.backdoor, dealt.key), transcript=dealt.transcript)

    def dealt(self, attacker: Delegate, keys: Keys, r: int) -> tuple[Dealt, Split]:
        """What the attacker hands in in row r, forfeit or not, and the user's data."""
        own, verifier = Generators().keyed(keys["plant"][r]), Generators().keyed(keys["referee"][r])
        split = self.data.split(Generators().keyed(keys["trigger"][r]))
        return self.deal(attacker, split, own, verifier), split
