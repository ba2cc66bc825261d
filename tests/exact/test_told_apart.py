"""What exact methods must tell apart: copies of a function for players that read codes, and a coin tossed elsewhere."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import pytest

from backdoor_game import (
    Attacker,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    Defender,
    Explicit,
    Thresholds,
    Uniform,
    Weighted,
    exact_win_rate,
)
from backdoor_game.exact.averaging import attack_table, flag_table
from backdoor_game.exact.finite import legal_game
from backdoor_game.players.attackers.base import PLANT

COPIES = BackdoorGame(Explicit(["00", "10", "10", "10"]), 0.5, Uniform())
UNSEEN = BackdoorGame(Explicit(["000", "100", "101"]), 0.5, Weighted([0.5, 0.5, 0.0]))  # "100" and "101" are one to D


@dataclass(frozen=True)
class Plants(Attacker):
    """Chooses one code, and plants another wherever it is legal."""

    f: int = 0
    f_star: int = 1

    def choose(self, view, rng):
        return view.game.functions.function([self.f])

    def plant(self, view, rng):
        g = view.game.functions.function([self.f_star])
        return g if view.legal(g) else None


@dataclass(frozen=True)
class Reads(Defender):
    """Flags one code, whatever it computes."""

    code: int = 2
    reads_code = True

    def suspicion(self, view, rng):
        return float(view.f.code[0] == self.code)


@pytest.mark.parametrize(("game", "copies"), [(COPIES, (1, 2, 3)), (UNSEEN, (1, 2))])
def test_a_defender_that_reads_codes_catches_the_copy_that_it_knows_and_no_other(game, copies):
    """The plant is legal at the first point alone. There a copy is missed, 1/2 + 1/4, and the known one caught."""
    for code in copies:
        for f_star in copies:
            assert exact_win_rate(game, Plants(0, f_star), Reads(code)) == (1.0 if f_star == code else 0.75)
        for f in copies:  # an alarm at every clean input, or none; 0 is planted at the first point, and never flagged
            assert exact_win_rate(game, Plants(f, 0), Reads(code)) == (0.25 if f == code else 0.75)


def test_tables_have_a_column_for_every_copy():
    flags = flag_table(COPIES, COPIES.distribution, Reads(2))
    columns = {int(code[0]): flags.flags[:, place].tolist() for place, code in enumerate(flags.game.codes)}
    assert columns == {0: [0, 0], 1: [0, 0], 2: [1, 1], 3: [0, 0]}
    attack = attack_table(COPIES, COPIES.distribution, Plants(3, 0))
    originals = {int(code[0]): p for code, p in zip(attack.game.codes, attack.attack.originals.tolist(), strict=True)}
    assert originals == {0: 0, 1: 0, 2: 0, 3: 1}


def test_where_copies_are_merged_each_is_found_as_the_one_that_stands_for_all():
    functions = COPIES.functions
    game = legal_game(functions, COPIES.distribution, 0.5)
    found = game.find(functions.enumerate())
    assert game.codes[found[0], 0] == 0
    assert found[1] == found[2] == found[3] != found[0]


LINE = BackdoorGame(Thresholds(points=5), 0.4, Uniform())


COINS = {
    "numpy": lambda: np.random.random(),  # noqa: NPY002
    "python": lambda: random.random(),
    "rare": lambda: float(random.random() < 0.01),
    "numpy's state": lambda: float(np.random.get_state()[1][0] % 2),  # noqa: NPY002
    "python's state": lambda: float(random.getstate()[1][1] % 2),
}  # a coin of a global generator, or a bit of where it stands, for which nothing is drawn


@dataclass(frozen=True)
class BlockCoin(BlockDefender):
    """Tosses one coin for a whole block."""

    source: str

    def suspicion_block(self, view):
        return np.full(len(view), COINS[self.source]())


@dataclass(frozen=True)
class BlockWhim(BlockAttacker):
    """Plants above or below by one coin for a whole block."""

    source: str

    def plant_block(self, view):
        codes, _ = view.chosen()
        return np.clip(codes + (1 if COINS[self.source]() < 0.5 else -1), 0, 5), np.full(len(view), PLANT)


@dataclass(frozen=True)
class ChoosesByWhim(BlockWhim):
    """Chooses f by one coin, and plants nothing."""

    def choose_block(self, view):
        return np.full((len(view), 1), int(4 * COINS[self.source]()), dtype=view.functions.code_dtype)

    def plant_block(self, view):
        return view.chosen()[0].copy(), np.zeros(len(view), dtype=np.int8)


@pytest.mark.parametrize("source", COINS)
def test_a_player_that_tosses_a_global_coin_once_a_block_is_not_called_deterministic(source):
    """All rows of one call agree, in any order, and in two states of the generator two coins may fall alike."""
    assert flag_table(LINE, LINE.distribution, BlockCoin(source)).how == "estimated"
    assert attack_table(LINE, LINE.distribution, BlockWhim(source)).how == "estimated"
    assert attack_table(LINE, LINE.distribution, ChoosesByWhim(source)).how == "estimated"


def test_asking_a_deterministic_player_leaves_the_global_generators_as_they_were():
    random.seed(11)
    np.random.seed(11)  # noqa: NPY002
    expected = random.random(), np.random.random()  # noqa: NPY002
    random.seed(11)
    np.random.seed(11)  # noqa: NPY002
    assert flag_table(LINE, LINE.distribution, Reads(1)).how == "deterministic"
    assert (random.random(), np.random.random()) == expected  # noqa: NPY002
