"""Checks of backdoors: their models, their keys, and the inputs that they activate."""

from __future__ import annotations

import contextlib
import functools
import pathlib
import tempfile
from typing import Any

import numpy as np

from ..functions import Function
from ..ground.errors import InvalidArgument
from ..planting.keys.keys import Key, fingerprint
from .model_subjects import Field, each, fields
from .results import Broken, NothingToCheck, demand, same
from .subjects import Subject
from .two_threads import draws_alike


def plants(subject: Subject) -> str:
    """`plant` returns a member of some class with an output for every input, and a key."""
    found, refusals = fields(subject)
    for field in each(found):
        split, model, key = field.planted(0)
        kinds = isinstance(model, Function) and isinstance(key, Key)
        demand(kinds, f"plant() must return a Function and a Key in {field}")
        demand(bool(model.functions.contains(model.code[None])[0]), f"the model is no member of its class in {field}")
        labels = model(split.X_test)
        demand(labels.shape == (len(split.X_test),), f"labels of shape {labels.shape} in {field}")
    said = f"plants in {len(found)} classes"
    return f"{said}; the first that it refuses: {refusals[0][:120]}" if refusals else said


def same_seed_same_model_and_key(subject: Subject) -> None:
    """The same data and generator give the same model and key, bit for bit, on two threads too."""
    for field in each(fields(subject)[0]):
        draws_alike(functools.partial(_planted_code, field))
        (_, one, first), _, (_, other, second) = field.planted(0), field.planted(1), field.planted(0)
        demand(same(one.code, other.code), f"another model the second time in {field}")
        demand(_equal(first, second), f"another key the second time in {field}")


def _planted_code(field: Field, seed: int) -> np.ndarray[Any, Any]:
    return np.asarray(field.planted(seed)[1].code)


def leaves_its_data_alone(subject: Subject) -> None:
    """Neither training nor activation writes into the user's arrays."""
    for field in each(fields(subject)[0]):
        before = field.data.split(np.random.default_rng(0))
        split, model, key = field.planted(0)
        _activated(field, model, key, split.X_test)
        for name in ("X", "y", "X_test"):
            demand(same(getattr(split, name), getattr(before, name)), f"it writes into {name} in {field}")


def activated_inputs_are_inputs(subject: Subject) -> None:
    """Activated inputs are finite and as many as before, each depending on its own input alone."""
    for field in each(fields(subject)[0]):
        split, model, key = field.planted(0)
        whole = _activated(field, model, key, split.X_test)
        demand(whole.shape == split.X_test.shape and np.isfinite(whole).all(), f"no inputs come back in {field}")
        alone = np.concatenate([_activated(field, model, key, x[None]) for x in split.X_test])
        demand(same(whole, alone), f"an activated input depends on those beside it in {field}")


def a_key_opens_its_own_model_alone(subject: Subject) -> None:
    """The key names the model that it was made for, and activation of another model is refused in one sentence."""
    for field in each(fields(subject)[0]):
        (split, model, key), (_, other, _) = field.planted(0), field.planted(1)
        demand(key.model == fingerprint(model), f"the key is not tied to its model: return key.of(model) in {field}")
        with contextlib.suppress(InvalidArgument):
            field.ready.activate(other, key, split.X_test)
            raise Broken(f"it activates inputs with another model's key in {field}")


def saved_keys_are_the_same(subject: Subject) -> None:
    """A key that is saved and loaded is the same key."""
    for field in each(fields(subject)[0]):
        _, _, key = field.planted(0)
        with tempfile.TemporaryDirectory() as folder:
            path = str(pathlib.Path(folder) / "key.npz")
            key.save(path)
            demand(_equal(Key.load(path), key), f"the loaded key is another in {field}")


def a_readable_model_holds_no_key(subject: Subject) -> None:
    """No value of the key stands in the model's code, as float64 or in another type of the same bytes."""
    if not subject.thing.white_box:
        raise NothingToCheck("it declares white_box = False: its models are offered as black boxes")
    for field in each(fields(subject)[0]):
        _, model, key = field.planted(0)
        public = model.code.tobytes() + repr(model).encode()
        for name, value in key.values.items():
            for form in (value, value.astype(np.float64), value.astype(np.float32)):
                demand(form.size == 0 or form.tobytes() not in public, f"the model holds the key's {name} in {field}")


CHECKS = (
    same_seed_same_model_and_key,
    leaves_its_data_alone,
    activated_inputs_are_inputs,
    a_key_opens_its_own_model_alone,
    saved_keys_are_the_same,
    a_readable_model_holds_no_key,
)


def _activated(field: Field, model: Function, key: Key, X: np.ndarray) -> np.ndarray:
    """Activated inputs: of the target that can be had."""
    try:
        return np.asarray(field.ready.activate(model, key, X))
    except InvalidArgument:
        return np.asarray(field.ready.activate(model, key, X, target=1))


def _equal(one: Key, other: Key) -> bool:
    names = one.values.keys() == other.values.keys() and (one.kind, one.model) == (other.kind, other.model)
    return names and all(same(one.values[name], other.values[name]) for name in one.values)
