"""Checks of updates: what the user's own training makes of a model."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

from ..functions import Function, FunctionClass
from ..games.contract import blamed, call
from ..ground._blas import one_blas_thread
from ..ground.errors import BackdoorGameError, ContractError, InvalidArgument
from ..ground.spec import text
from ..planting.datasets import Dataset, Split
from .model_subjects import each
from .results import demand, same
from .subjects import Subject


@dataclasses.dataclass(frozen=True)
class Shelf:
    """An update made ready for models of a class, and the user's data."""

    functions: FunctionClass
    data: Dataset
    ready: Any

    def __str__(self) -> str:
        return f"{text(self.functions)} on {text(self.data)}"

    def honest(self, seed: int) -> tuple[Function, Split]:
        """An honestly trained model, and the user's examples."""
        rng = np.random.default_rng(seed)
        split = self.data.split(rng)
        train: Any = self.functions
        with one_blas_thread():
            return train.trained(split.X, split.y, rng), split

    def updated(self, model: Function, split: Split, seed: int) -> Any:
        """What training makes of it."""
        rng = np.random.default_rng(seed)
        with one_blas_thread():
            update = functools.partial(self.ready.updated, model, split.X, split.y, rng)
            return call(self.ready, "updated", update)


@functools.lru_cache(maxsize=16)
def shelves(subject: Subject) -> tuple[tuple[Shelf, ...], tuple[str, ...]]:
    """The update at the models of its games, and what it says of those that it refuses."""
    found: dict[Any, Shelf] = {}
    refusals = []
    for game in subject.games:
        try:
            prepare = functools.partial(subject.thing.prepare, game.functions)
            ready = blamed(functools.partial(call, subject.thing, "prepare", prepare))
        except ContractError:
            raise
        except BackdoorGameError as error:
            refusals.append(str(error))
        else:
            found[game.functions, game.data] = Shelf(game.functions, game.data, ready)
    return tuple(found.values()), tuple(refusals)


def trains_a_class(subject: Subject) -> str:
    """`prepare` accepts models of one class at least, twice the same."""
    found, refusals = shelves(subject)
    for shelf in each(found):
        again = subject.thing.prepare(shelf.functions)
        demand(again == shelf.ready, f"prepare() returns {text(shelf.ready)[:200]}, and then {text(again)[:200]}")
    said = f"trains {len(found)} classes"
    return f"{said}; the first that it refuses: {refusals[0][:120]}" if refusals else said


def updated_models_are_models(subject: Subject) -> None:
    """`updated` returns a member of some class with a label for every input of the domain."""
    for shelf in each(shelves(subject)[0]):
        model, split = shelf.honest(0)
        found = shelf.updated(model, split, 1)
        demand(isinstance(found, Function), f"updated() must return a Function, got {type(found).__name__} in {shelf}")
        domain = found.functions.domain
        demand(domain == model.functions.domain, f"the updated model lives on {domain!r} in {shelf}")
        member = bool(found.functions.contains(found.code[None])[0])
        demand(member, f"the updated model is no member of its class in {shelf}")
        labels = found(split.X_test)
        demand(labels.shape == (len(split.X_test),), f"labels of shape {labels.shape} in {shelf}")


def same_seed_same_update(subject: Subject) -> None:
    """The same model, examples and generator give the same model, bit for bit."""
    for shelf in each(shelves(subject)[0]):
        model, split = shelf.honest(0)
        first, _, second = (shelf.updated(model, split, seed) for seed in (1, 2, 1))
        demand(same(first.code, second.code), f"another model the second time in {shelf}")


def leaves_its_examples_alone(subject: Subject) -> None:
    """Training writes neither into the user's examples nor into the model that is trained on."""
    for shelf in each(shelves(subject)[0]):
        (model, split), (clean, before) = shelf.honest(0), shelf.honest(0)
        shelf.updated(model, split, 1)
        for name in ("X", "y"):
            demand(same(getattr(split, name), getattr(before, name)), f"it writes into {name} in {shelf}")
        demand(same(model.code, clean.code), f"it writes into the model that it is given in {shelf}")


CHECKS = (updated_models_are_models, same_seed_same_update, leaves_its_examples_alone)


def accept(subject: Subject) -> None:
    """Refuse games none of whose models the update trains."""
    found, refusals = shelves(subject)
    if not found:
        last = refusals[-1] if refusals else "no game was given"
        raise InvalidArgument(f"{text(subject.thing)[:200]} trains no model: {last}; name a game with games=[...]")
