"""Everybody against everybody: win rates that hold all together, rankings by worst case and by mean, exact play."""

from .exactness import check_size
from .playing import attacker_refusal, defender_refusal, tournament
from .records import ExactGame, ExactPlayer, Pairing, Standing, TournamentResult

__all__ = [
    "ExactGame",
    "ExactPlayer",
    "Pairing",
    "Standing",
    "TournamentResult",
    "attacker_refusal",
    "check_size",
    "defender_refusal",
    "tournament",
]
