"""Secret keys of backdoors as values that can be saved and loaded, and what ties one to its model."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions import Function
from ...ground.arrays import Archive
from ...ground.errors import InvalidArgument
from ...ground.files import write_bytes
from ...ground.paths import as_path, quoted, read_bytes
from ...ground.showing import fields
from ...ground.spec import text

NAME = "backdoor_game_key"
RESERVED = (NAME, "file", "allow_pickle")  # what files call the rest of a key, and what numpy.savez is called with
Arrays = Mapping[str, npt.NDArray[Any]]


def fingerprint(model: Function) -> str:
    """64 hexadecimal digits that tell models apart: of the class's spec and the code."""
    return hashlib.sha256(text(model.functions).encode() + b"\n" + model.code.tobytes()).hexdigest()


@dataclasses.dataclass(frozen=True, eq=False)
class Key:
    """What activates a backdoor: kept by whoever planted it, and no part of the public model.

    Outside games `plant` and `new_key` draw it from the operating system unless they are given a seed or a generator. A
    key that a seed gave is no secret to whoever can guess the seed, and that of a game stands in its result.

    Attributes
    ----------
    kind : str
        The backdoor's name.
    model : str
        Fingerprint of the model that it belongs to; empty for a key that was drawn for none.
    values : mapping of str to ndarray
    """

    kind: str
    model: str
    values: Arrays = dataclasses.field(repr=False)  # no secret in a log

    __repr__ = fields

    def __post_init__(self) -> None:
        for name in self.values:
            if name in RESERVED:
                raise InvalidArgument(f"values must not be named {', '.join(RESERVED)}, got {name!r}: rename it")
        kept = {name: np.array(value) for name, value in self.values.items()}
        for value in kept.values():
            value.setflags(write=False)
        object.__setattr__(self, "values", kept)

    def opens(self, model: Function) -> None:
        """Refuse a model that this key was not made for.

        Raises
        ------
        InvalidArgument
        """
        if self.model and self.model != fingerprint(model):
            raise InvalidArgument(
                f"key must be the model's own: it belongs to model {self.model[:12]}, got model "
                f"{fingerprint(model)[:12]}; load the key that was saved with this model"
            )

    def of(self, model: Function) -> Key:
        """The same key, tied to this model."""
        return dataclasses.replace(self, model=fingerprint(model))

    def save(self, path: str) -> None:
        """Write an .npz file that its owner alone may read, beside the path first and then renamed.

        Raises
        ------
        InvalidArgument
            For a place that cannot be written.
        """
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {NAME: np.array([self.kind, self.model]), **self.values}
        np.savez(buffer, **arrays)
        write_bytes(path, buffer.getvalue(), "path", private=True)

    @staticmethod
    def load(path: str) -> Key:
        """Read what `save` has written; nothing in the file is executed.

        Raises
        ------
        InvalidArgument
            For a file that cannot be read or holds no key.
        """
        content = read_bytes(path)
        try:
            archive = Archive(content)
            about = archive.headers.get(NAME)
            if about is None or about.shape != (2,) or about.dtype.kind != "U":
                raise InvalidArgument("a backdoor's name and a model's fingerprint are not in it")
            values = {part: archive[part] for part in archive.headers}
            kind, model = map(str, values.pop(NAME).tolist())
            return Key(kind, model, values)
        except InvalidArgument as error:
            told = f"path {quoted(as_path(path))} holds no key: name a file that Key.save has written, for {error}"
            raise InvalidArgument(told) from None
