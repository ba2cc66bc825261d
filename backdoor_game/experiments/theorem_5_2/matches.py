"""Theorem 5.2: the games, and who attacks them."""

from __future__ import annotations

from ...circuits.classes import Circuits
from ...circuits.obfuscators import Obfuscator
from ...circuits.players import PuncturedPRFAttacker
from ...circuits.puncturable import punctured_gates
from ...games import BackdoorGame
from ...games.measuring.together import Match
from ...players.defenders import Defender
from ...spaces.distributions import Uniform

BITS = 8  # a plant weighs 2^-8, and truth tables are four words


def circuits(key_bits: int, obfuscator: Obfuscator, room: int = 1) -> Circuits:
    """Circuits with just the gates that the attack needs, or `room` times as many."""
    return Circuits(bits=BITS, gates=room * obfuscator.gates(BITS, punctured_gates(key_bits, BITS)))


def game(key_bits: int, obfuscator: Obfuscator, room: int = 1) -> BackdoorGame:
    """One flipped label among 2^8."""
    return BackdoorGame(circuits(key_bits, obfuscator, room), 2.0**-BITS, Uniform())


def cell(key_bits: int, obfuscator: Obfuscator, defender: Defender, rounds: int, room: int = 1) -> Match:
    """A defender against the attack."""
    return Match(game(key_bits, obfuscator, room), PuncturedPRFAttacker(key_bits, obfuscator), defender, rounds)
