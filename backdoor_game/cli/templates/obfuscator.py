"""An obfuscator: another circuit of the same function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Circuits, Codes, Obfuscator, Words, draws


@dataclass(frozen=True)
class Mine(Obfuscator):
    """Swaps the two wires that a gate reads, for a coin of each gate: weak, but another circuit each time."""

    # The contract. An obfuscator is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - A code of s gates is int64 (2 s + 1,): the two literals that each gate reads, then the output. Literal 2 w is
    #   wire w, 2 w + 1 its complement; the n inputs are the first wires, then the gates. Padding is gates (0, 0) at the
    #   end of the list.
    # - `gates(bits, size)`: how many gates are always enough for what it makes of a circuit of `size` gates.
    # - `obfuscate_block(functions, codes (B, 2 s + 1), keys (B,))` gives members (B, L) of `functions` with the same
    #   truth tables. `functions` may hold fewer gates than the codes: what goes is padding alone.
    # - Coins are `draws(keys, start, count)`, uint64 (B, count); row r depends on row r alone. Nothing is written into.

    def gates(self, bits: int, size: int) -> int:
        return size

    def obfuscate_block(self, functions: Circuits, codes: Codes, keys: Words) -> Codes:
        made = np.zeros((len(codes), functions.code_length), dtype=np.int64)
        shared = min(functions.code_length, codes.shape[1]) - 1
        made[:, :shared], made[:, -1] = codes[:, :shared], codes[:, -1]
        pairs = made[:, :-1].reshape(len(made), -1, 2)
        coins = (draws(keys, 0, pairs.shape[1]) >> np.uint64(63)).astype(bool)
        pairs[coins] = pairs[coins][:, ::-1]
        return made
