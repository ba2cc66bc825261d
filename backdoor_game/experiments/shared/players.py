"""The defenders that experiments measure side by side, by the names that tables and figures use."""

from __future__ import annotations

from ...players.defenders import (
    AlwaysClean,
    AlwaysFlag,
    BoltzmannResampling,
    CoinFlip,
    Defender,
    DistillationEnsemble,
    NeighbourVote,
)

DEFENDERS: dict[str, Defender] = {
    "ensemble": DistillationEnsemble(),
    "single distillation": DistillationEnsemble(members=1),
    "Boltzmann": BoltzmannResampling(),
    "neighbour vote": NeighbourVote(),
    "coin flip": CoinFlip(),
    "always clean": AlwaysClean(),
    "always flag": AlwaysFlag(),
}
