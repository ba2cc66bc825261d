"""Networks of hard gates on bits: whole weights, half-integer thresholds, alone or three copies under a majority."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions.base import Booleans, Codes, Floats, Function, Labels, SymmetricMoves, missing
from ...functions.foreign import members
from ...functions.listing import refuse_large
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.streams import Words, below, draws, unit
from ...spaces.domains import Bits, Points
from . import gate_training

COPIES = (1, 3)  # three are the fewest that outvote one
LISTED_CODES = 2**16  # as many rows as a table may usefully have: several codes are one function
LARGEST = 1e100  # of a real parameter: a sum of such numbers stays finite
CELLS = 2**16  # gates that are evaluated at a time: more leave the cache


@dataclasses.dataclass(frozen=True, repr=False)
class GateNetworks(SymmetricMoves):
    """[<a, h(x)> >= t] on {0,1}^n, hidden gates h_i(x) = [<w_i, x> >= t_i]; or three such copies and a gate on top.

    A code holds one copy after another, then the top gate where there are three. A gate's part of it is its weights and
    then twice its threshold; a copy's are its hidden gates and then its own output gate. Weights are whole and
    thresholds odd multiples of 1/2, so that no gate ever stands on its threshold. Several codes may name one function.

    Parameters
    ----------
    bits, gates : int
        n, and the hidden gates of one copy.
    copies : int
        1, or 3 under a top gate: `majority` makes one of coefficients 1, 1, 1 and threshold 3/2.
    weight : int
        Weights lie in [-weight, weight]; thresholds where they can matter, or just beyond.
    real : bool
        Networks that training has moved: a code is float64 and holds any finite numbers, thresholds as they are.
    """

    bits: int
    gates: int
    copies: int = 1
    weight: int = 8
    real: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("GateNetworks.bits", self.bits, 1, 1000)
        _validate.integer("GateNetworks.gates", self.gates, 1, 1000)
        _validate.integer("GateNetworks.weight", self.weight, 1, 2**20)
        if self.copies not in COPIES:
            raise InvalidArgument(f"GateNetworks.copies must be 1, or 3 under a majority gate, got {self.copies}")

    @property
    def domain(self) -> Bits:
        return Bits(self.bits)

    @property
    def code_dtype(self) -> npt.DTypeLike:
        return np.float64 if self.real else np.int64

    @property
    def copy_length(self) -> int:
        """Parameters of one copy."""
        return self.gates * (self.bits + 1) + self.gates + 1

    @property
    def code_length(self) -> int:
        return self.copies * self.copy_length + (self.copies + 1 if self.copies > 1 else 0)

    @property
    def samples_uniformly(self) -> bool:
        return not self.real

    @property
    def vc_upper_bound(self) -> int:
        """The logarithm of the number of codes, at most 2^n."""
        return int(2**self.bits) if self.real else min(2**self.bits, self._codes().bit_length() - 1)

    @property
    def thresholds(self) -> Booleans:
        """Which entries of a code are thresholds, (L,); the others are weights."""
        hidden = np.arange(self.bits + 1) == self.bits
        copy = np.concatenate([np.tile(hidden, self.gates), np.arange(self.gates + 1) == self.gates])
        top = np.arange(self.copies + 1) == self.copies
        return np.concatenate([np.tile(copy, self.copies), top[: self.code_length - self.copies * self.copy_length]])

    def unpack(self, code: Codes) -> tuple[Codes, Codes, Codes]:
        """Hidden gates (copies, gates, n + 1), output gates (copies, gates + 1), top gate (copies + 1,) or empty."""
        hidden, output, top = self._parts(code[None])
        return hidden[0, 0], output[0, 0], top[0, 0]

    def _parts(self, codes: Codes) -> tuple[Codes, Codes, Codes]:
        """The same of codes (B, L), with an axis for points after the first."""
        B, inner = len(codes), self.gates * (self.bits + 1)
        copies = codes[:, : self.copies * self.copy_length].reshape(B, 1, self.copies, self.copy_length)
        hidden = copies[..., :inner].reshape(B, 1, self.copies, self.gates, self.bits + 1)
        return hidden, copies[..., inner:], codes[:, None, self.copies * self.copy_length :]

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        labels = np.empty(X.shape[:2], np.uint8)
        rows = max(1, CELLS // max(1, X.shape[1] * self.copies * self.gates))
        for start in range(0, len(codes), rows):
            part = slice(start, start + rows)
            labels[part] = self._labels(codes[part], X[part])
        return labels

    def _labels(self, codes: Codes, X: Points) -> Booleans:
        scale = 1 if self.real else 2
        hidden, output, top = self._parts(codes)
        fired = _fires(hidden, X[:, :, None, None, :], scale)
        answers = _fires(output, fired, scale)
        return answers[..., 0] if self.copies == 1 else _fires(top, answers, scale)

    def contains(self, codes: Codes) -> Booleans:
        if self.real:
            return np.asarray((np.abs(codes) <= LARGEST).all(axis=1))
        ends, thresholds = self._ends(), self.thresholds
        inside = ((codes >= -ends) & (codes <= ends)).all(axis=1)
        return np.asarray(inside & (codes[:, thresholds] % 2 != 0).all(axis=1))

    def _ends(self) -> Codes:
        """The largest entry of each place (L,): the weight, or 2 k weight + 1 for a threshold over k wires."""
        ends = np.full(self.code_length, self.weight, dtype=np.int64)
        hidden, output, top = self._parts(ends[None])
        for gates in (hidden, output, top):
            if gates.size:
                gates[..., -1] = 2 * self.weight * (gates.shape[-1] - 1) + 1
        return ends

    def _choices(self) -> Codes:
        """How many values each entry may have (L,)."""
        ends = self._ends()
        return np.where(self.thresholds, ends + 1, 2 * ends + 1)

    def sample_block(self, keys: Words) -> Codes:
        words = (unit(draws(keys, 0, self.code_length)) * self._choices()).astype(np.int64)
        codes = words * np.where(self.thresholds, 2, 1) - self._ends()
        return self.parameters(codes) if self.real else codes

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """One weight or threshold up or down by 1; a move that would leave the class is not made."""
        words, rows = draws(keys, 0, 2), np.arange(len(codes))
        place = below(words[:, 0], self.code_length)
        step = np.where(self.thresholds & (not self.real), 2, 1)[place]
        moved = codes.copy()
        moved[rows, place] += np.where(words[:, 1] >> np.uint64(63), step, -step).astype(codes.dtype)
        return np.where(self.contains(moved)[:, None], moved, codes)

    def enumerate(self) -> Codes:
        if self.real:
            raise missing(self, "cannot be enumerated")
        total, choices = self._codes(), self._choices()
        if total > LISTED_CODES:
            refuse_large(repr(self), total, LISTED_CODES)
        places = np.stack(np.unravel_index(np.arange(total), choices), axis=1).astype(np.int64)
        return np.asarray(places * np.where(self.thresholds, 2, 1) - self._ends())

    def count(self) -> int | None:
        """Number of codes; None where there are more than `enumerate` lists."""
        return None if self.real or self._codes() > LISTED_CODES else self._codes()

    def _codes(self) -> int:
        product = 1
        for choices in self._choices().tolist():
            product *= choices
        return product

    # Networks as they are made, copied and trained.

    def parameters(self, codes: Codes) -> Floats:
        """Weights and thresholds themselves, float64, of codes (..., L)."""
        return codes / np.where(self.thresholds & (not self.real), 2.0, 1.0)

    def loosened(self, code: Codes) -> Function:
        """The same network as one whose parameters may be any real numbers."""
        return dataclasses.replace(self, real=True).function(self.parameters(code))

    def majority(self, code: Codes) -> Function:
        """Three copies of a network of one copy under the gate (1, 1, 1; 3/2): no single parameter changes it."""
        if self.copies != 1:
            raise InvalidArgument(f"GateNetworks.copies must be 1 before three are made, got {self.copies}")
        top = np.array([1, 1, 1, 1.5 if self.real else 3], dtype=self.code_dtype)
        return dataclasses.replace(self, copies=3).function(np.concatenate([code, code, code, top]))

    def trained(self, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        """The inputs and some random gates as hidden ones, and the best perceptron on them for X (m, n), y (m,).

        Raises
        ------
        InvalidArgument
            For examples that are no bits, labels other than 0 and 1, or one class alone.
        """
        points, labels = gate_training.examples(self.domain, X, y)
        one = dataclasses.replace(self, copies=1, real=False)
        learned = one.function(gate_training.learned(points, labels, self.gates, self.weight, rng))
        whole = learned if self.copies == 1 else one.majority(learned.code)
        return dataclasses.replace(self, real=False).loosened(whole.code) if self.real else whole


def _fires(gates: Codes, wires: Points, scale: int) -> Booleans:
    """[scale <w, x> >= t] for gates (..., k + 1) and wires (..., k), the sum in the order of the wires."""
    shape = np.broadcast_shapes(gates.shape[:-1], wires.shape[:-1])
    total = np.zeros(shape, dtype=gates.dtype)
    weights, signals = (np.ascontiguousarray(np.moveaxis(part, -1, 0)) for part in (gates, wires.astype(gates.dtype)))
    for w, signal in zip(weights[:-1], signals, strict=True):
        total += w * signal
    return np.asarray(scale * total >= weights[-1])
