"""An obfuscator that changes a function, or gives no member, is a bug in a measurement and is named as one."""

import dataclasses

import numpy as np
import pytest

from backdoor_game import AlwaysClean, BackdoorGame, Circuits, ContractError, PuncturedPRFAttacker, Uniform, estimate
from backdoor_game.circuits.obfuscators import Identity, Obfuscator

GAME = BackdoorGame(Circuits(bits=4, gates=800), "1/16", Uniform())


@dataclasses.dataclass(frozen=True)
class Made(Obfuscator):
    """The circuit as it is, but for one mistake."""

    mistake: str = ""

    def gates(self, bits, size):
        return size

    def obfuscate_block(self, functions, codes, keys):
        made = Identity().obfuscate_block(functions, codes, keys)
        if self.mistake == "complement":
            made[:, -1] ^= 1
        if self.mistake == "once":
            made[-1, -1] ^= 1
        if self.mistake == "stranger":
            made[0, 0] = 10**9
        if self.mistake == "short":
            made = made[:, 2:]
        return made.astype(np.int32) if self.mistake == "narrow" else made


def played(mistake):
    return estimate(GAME, PuncturedPRFAttacker(key_bits=4, obfuscator=Made(mistake)), AlwaysClean(), rounds=20, seed=1)


def test_without_a_mistake_every_round_has_a_plant():
    found = played("")
    assert (found.forfeits, found.illegal, found.win_rate) == (0, 0, 0.5)


@pytest.mark.parametrize("mistake", ["complement", "once"])
def test_a_changed_function_is_refused(mistake):
    with pytest.raises(ContractError, match=r"Made\(mistake='.*'\) must not change a function, and has changed one"):
        played(mistake)


@pytest.mark.parametrize("mistake", ["stranger", "short", "narrow"])
def test_what_is_no_member_of_the_class_is_refused(mistake):
    with pytest.raises(
        ContractError, match=r"Made\(mistake='.*'\) must give int64 codes of Circuits\(bits=4, gates=800\)"
    ):
        played(mistake)
