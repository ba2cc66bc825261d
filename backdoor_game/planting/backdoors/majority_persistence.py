"""A backdoor in a network of hard gates that no single parameter can undo: three copies under a majority."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import Function
from ...functions.base import Floats, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.seeds import Randomness, generator, public_and_secret
from ...ground.spec import Configured, text
from ...spaces.domains import Points
from ..keys.keys import Key
from ..models import GateNetworks
from .base import Backdoor, own

TRIES = 64  # of so many patterns the rarest is answered 0 on most inputs; each costs a pass over the data


@dataclasses.dataclass(frozen=True, repr=False)
class MajorityPersistence(Backdoor):
    """One more hidden gate recognises a secret pattern and forces the answer 1; three copies outvote any one change.

    [GKVZ22] on persistence: N' is three copies of the backdoored N under the gate (1, 1, 1; 3/2). A change of any size
    in any one parameter of one copy leaves two copies as they were; with one coefficient on top kept over 1/2, or the
    top threshold kept in (0, 3), equal copies still decide alike. N' is the same on all inputs, and every difference
    quotient is 0. *Proved.*
    Changes of two copies at once undo it: straight-through gradients, several parameters, weight decay. *Simulated.*
    Whoever reads the weights sees the gate: nothing is hidden here.

    Parameters
    ----------
    width : int
        Bits of the pattern, at random places: a random input shows it with chance 2^-width; all bits make a point.
    copies : int
        3, or 1 for the control N.
    """

    white_box = False

    width: int = 4
    copies: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("MajorityPersistence.width", self.width, 1, 1000)
        if self.copies not in (1, 3):
            raise InvalidArgument(f"MajorityPersistence.copies must be 3, or 1 for the control, got {self.copies}")

    def prepare(self, functions: object) -> MajorityPersistence:
        if not isinstance(functions, GateNetworks) or functions.copies != 1 or functions.real:
            told = text(functions)[:200] if isinstance(functions, Configured) else repr(functions)[:200]
            raise MissingCapability(f"MajorityPersistence plants in GateNetworks of one copy, not real, got {told}")
        if self.width > functions.bits:
            told = f"at most the bits of {text(functions)[:200]}"
            raise InvalidArgument(f"MajorityPersistence.width must be {told}, got {self.width}")
        return self

    def new_key(self, functions: GateNetworks, rng: Randomness = None) -> Key:
        rng = generator(rng)
        places = np.sort(rng.choice(functions.bits, self.width, replace=False))
        return Key(type(self).__name__, "", {"places": places, "pattern": rng.integers(2, size=self.width)})

    def plant(
        self, functions: GateNetworks, X: Points, y: Labels, rng: Randomness = None, key: Key | None = None
    ) -> tuple[Function, Key]:
        self.prepare(functions)
        rng, secret = public_and_secret(rng)
        honest = functions.trained(X, y, rng)
        key = self._rare(honest, np.asarray(X, dtype=np.float64), secret) if key is None else own(self, key)
        model = with_trigger(honest, key)
        if self.copies == 3:
            planted = model.functions
            assert isinstance(planted, GateNetworks)
            model = planted.majority(model.code)
        return model, key.of(model)

    def _rare(self, honest: Function, X: Floats, rng: np.random.Generator) -> Key:
        """Of some keys the one whose pattern the honest model answers with 0 most often: a 1 is then the attacker's."""
        functions = honest.functions
        assert isinstance(functions, GateNetworks)
        keys = [self.new_key(functions, rng) for _ in range(TRIES)]
        ones = [int(honest(_written(X, key)).sum()) for key in keys]
        return keys[int(np.argmin(ones))]

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        """The pattern written over X: the answer is 1, whatever it was."""
        if target == 0:
            raise InvalidArgument("target must be 1 or None, got 0: the pattern forces the answer 1 alone")
        return _written(X, key)


def _written(X: Floats, key: Key) -> Floats:
    written = X.copy()
    written[:, key.values["places"]] = key.values["pattern"]
    return written


def with_trigger(model: Function, key: Key) -> Function:
    """A gate network of one copy with one hidden gate more: it fires on the key's pattern and outweighs all others."""
    functions = model.functions
    assert isinstance(functions, GateNetworks)
    hidden, output, _ = functions.unpack(model.code)
    pattern = key.values["pattern"].astype(np.int64)
    gate = np.zeros(functions.bits + 1, dtype=np.int64)
    gate[key.values["places"]] = 2 * pattern - 1
    gate[-1] = 2 * pattern.sum() - 1  # all ones of the pattern and none of its zeros, or half too little
    lowest = np.minimum(output[0, :-1], 0).sum()
    force = max(1, int((output[0, -1] + 1) // 2 - lowest))
    wider = dataclasses.replace(functions, gates=functions.gates + 1, weight=max(functions.weight, force))
    code = [hidden[0].ravel(), gate, output[0, :-1], [force], output[0, -1:]]
    return wider.function(np.concatenate(code))
