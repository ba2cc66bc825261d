"""The attack of Theorem 5.2: a pseudorandom function, and the same with its key punctured at the trigger."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Booleans, Codes
from ...functions.distance import legality_rule
from ...functions.table import packed_rows
from ...ground import _validate
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...ground.streams import Words, draws
from ...players.attackers.base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants, fixed_distribution
from ...players.views import AttackerBlock, GameLike
from ...spaces.distributions import Distribution, Uniform
from ...spaces.domains import ENUMERABLE_POINTS, Points
from ..classes import Circuits
from ..graphs import Circuit
from ..obfuscators import Canonical, Obfuscator, same_functions
from ..puncturable import key_tables, keys_of_rows, prf_circuit, punctured_circuit, punctured_gates, siblings
from ..puncturable.generators import LEAST, MOST

ORIGINALS = 2**12  # each key is obfuscated to list them
CANONICAL = Canonical()
Integers = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, repr=False)
class PuncturedPRFAttacker(BlockAttacker):
    """f obfuscates a pseudorandom function with a fresh key, f* the same key punctured at x* and flipped there.

    [CHLX25] Theorem 5.2: f* answers 1 - PRF_k(x*) at x* and knows nothing else of that label; with an ideal generator
    no uniform defender that cannot try the keys does better than guessing under `Canonical`, and `SmallGenerator` is
    taken for one. (Advice from all keys is another matter: see `ParityCheck`, which wins where kappa <= n.) A plant
    finds its key again in the table of all keys, since it may use f, x* and its own coins alone; it owns up to the 2^n
    evaluations of f that this takes. *Simulated.*

    Parameters
    ----------
    key_bits : int
        4 to 20, with 2^(key_bits + n) at most 2^28; n at most 16, since a plant reads all of f.
    obfuscator : Obfuscator
    """

    key_bits: int = 8
    obfuscator: Obfuscator = CANONICAL

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("key_bits", self.key_bits, LEAST, MOST)
        _validate.instance("obfuscator", self.obfuscator, Obfuscator, "Canonical()")

    def prepare(self, game: GameLike) -> PuncturedPRFAttacker:
        functions = _circuits(game.functions, self)
        if functions.domain.size > ENUMERABLE_POINTS:
            raise MissingCapability(
                f"{text(self)} reads all 2^n labels: it needs n up to 16, got {functions.bits} bits"
            )
        need = self.obfuscator.gates(functions.bits, punctured_gates(self.key_bits, functions.bits))
        if functions.gates < need or functions.depth is not None:
            raise MissingCapability(
                f"{text(self)} needs Circuits(bits={functions.bits}, gates={need}), got {text(functions)}"
            )
        key_tables(self.key_bits, functions.bits)
        legality_rule(functions, fixed_distribution(self, game).on(functions.domain), game.epsilon)
        return self

    def distribution(self, game: GameLike) -> Distribution:
        return Uniform()

    def choose_block(self, view: AttackerBlock) -> Codes:
        words = draws(view.keys, 0, 2)
        keys = (words[:, 0] >> np.uint64(64 - self.key_bits)).astype(np.int64)
        return self._whole(_circuits(view.functions, self), keys, words[:, 1])

    def plant_block(self, view: AttackerBlock) -> Plants:
        f, x_star = view.chosen()
        functions = _circuits(view.functions, self)
        view.charge(evaluations=functions.domain.size)
        tables = packed_rows(functions, f)
        places = functions.domain.index(x_star)
        keys = keys_of_rows(self.key_bits, functions.bits, tables)
        able = (keys >= 0) & self._light(view, places)
        rows = np.arange(len(tables))
        tables[rows, places >> 6] ^= np.uint64(1) << (places & 63).astype(np.uint64)
        made = self.obfuscator.from_tables(functions, tables[able])
        if made is None:
            coins = draws(view.keys, 0, 1)[:, 0]
            made = self._punctured(functions, keys[able], x_star[able], _labels(tables, places)[able], coins[able])
        planted = f.copy()
        planted[able] = same_functions(self.obfuscator, functions, made, tables[able])
        return planted, np.where(able, PLANT, NO_PLANT)

    def punctured_block(self, view: AttackerBlock) -> Codes:
        """The middle of the proof: f's key punctured at x*, with f's own label there, obfuscated; codes (B, L).

        The punctured circuit is always made, under `Canonical` too. Rows whose f is of no key are left as they are.
        """
        f, x_star = view.chosen()
        functions = _circuits(view.functions, self)
        view.charge(evaluations=functions.domain.size)
        tables = packed_rows(functions, f)
        keys = keys_of_rows(self.key_bits, functions.bits, tables)
        able = keys >= 0
        answers, coins = _labels(tables, functions.domain.index(x_star)), draws(view.keys, 0, 1)[:, 0]
        made = self._punctured(functions, keys[able], x_star[able], answers[able], coins[able])
        punctured = f.copy()
        punctured[able] = same_functions(self.obfuscator, functions, made, tables[able])
        return punctured

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        """Every key with the same probability, where the obfuscator tosses no coin."""
        if 2**self.key_bits > ORIGINALS:
            return None
        functions = _circuits(game.functions, self)
        codes = self.obfuscator.from_tables(functions, key_tables(self.key_bits, functions.bits))
        return None if codes is None else (codes, np.full(len(codes), 1 / len(codes)))

    def _light(self, view: AttackerBlock, places: Integers) -> Booleans:
        """Where x* alone weighs no more than epsilon."""
        weights, limit = legality_rule(view.functions, view.distribution, view.game.epsilon)
        return np.asarray(weights[places] <= limit)

    def _whole(self, functions: Circuits, keys: Integers, coins: Words) -> Codes:
        """The obfuscated function of each key."""
        tables = key_tables(self.key_bits, functions.bits)[keys]
        made = self.obfuscator.from_tables(functions, tables)
        if made is None:
            wires = np.concatenate([_bits(keys, self.key_bits), _inputs(functions, len(keys))], axis=1)
            made = self._obfuscated(functions, prf_circuit(self.key_bits, functions.bits), wires, coins)
        return same_functions(self.obfuscator, functions, made, tables)

    def _punctured(self, functions: Circuits, keys: Integers, x_star: Points, answers: Integers, coins: Words) -> Codes:
        """The obfuscated function of each key punctured at x*, with these answers there."""
        seeds = siblings(self.key_bits, keys, x_star)
        secret = _bits(seeds.ravel(), self.key_bits).reshape(len(keys), seeds.shape[1] * self.key_bits)
        wires = [secret, x_star.astype(np.int64), answers[:, None], _inputs(functions, len(keys))]
        circuit = punctured_circuit(self.key_bits, functions.bits)
        return self._obfuscated(functions, circuit, np.concatenate(wires, axis=1), coins)

    def _obfuscated(self, functions: Circuits, circuit: Circuit, wires: Integers, coins: Words) -> Codes:
        """One circuit with constants and inputs put on its wires (B, I), obfuscated."""
        from ...kernels.circuits.specialising import specialise

        codes = np.zeros((len(wires), 2 * circuit.size + 1), dtype=np.int64)
        gates, output = circuit.gates.astype(np.int64), int(circuit.outputs[0])
        specialise(gates, output, np.ascontiguousarray(wires), functions.bits, codes)
        return self.obfuscator.obfuscate_block(functions, codes, coins)


def _circuits(functions: FunctionClass, attacker: PuncturedPRFAttacker) -> Circuits:
    """The class, refused where it is not one of circuits."""
    if not isinstance(functions, Circuits):
        raise MissingCapability(f"{text(attacker)} needs Circuits(bits=..., gates=...), got {text(functions)[:200]}")
    return functions


def _labels(tables: Words, places: Integers) -> Integers:
    """The label of each packed table (B, W) at its own place (B,)."""
    words = tables[np.arange(len(tables)), places >> 6] >> (places & 63).astype(np.uint64)
    return np.asarray(words & np.uint64(1), dtype=np.int64)


def _bits(numbers: Integers, count: int) -> Integers:
    """The lowest bits of numbers (B,), int64 of shape (B, count)."""
    return numbers[:, None] >> np.arange(count) & 1


def _inputs(functions: Circuits, rows: int) -> Integers:
    """The literals of x in every row, int64 of shape (rows, n)."""
    return np.broadcast_to(2 * (1 + np.arange(functions.bits, dtype=np.int64)), (rows, functions.bits))
