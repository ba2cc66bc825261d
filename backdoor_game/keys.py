"""Secret keys of backdoors as values that can be saved and loaded, and what ties one to its model."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import InvalidArgument
from .files import write_bytes
from .functions import Function
from .spec import text

Arrays = Mapping[str, npt.NDArray[Any]]


def fingerprint(model: Function) -> str:
    """64 hexadecimal digits that tell models apart: of the class's spec and the code."""
    return hashlib.sha256(text(model.functions).encode() + b"\n" + model.code.tobytes()).hexdigest()


@dataclasses.dataclass(frozen=True, eq=False)
class Key:
    """What activates a backdoor: kept by whoever planted it, and no part of the public model.

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
    values: Arrays

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
        """Write an .npz file, beside the path first and then renamed."""
        buffer = io.BytesIO()
        about = np.array([self.kind, self.model])
        np.savez(buffer, backdoor_game_key=about, **self.values)  # type: ignore[arg-type]
        write_bytes(path, buffer.getvalue())

    @staticmethod
    def load(path: str) -> Key:
        """Read what `save` has written; nothing in the file is executed.

        Raises
        ------
        InvalidArgument
            For a file that cannot be read or holds no key.
        """
        try:
            with np.load(path, allow_pickle=False) as found:
                values = {name: found[name] for name in found.files}
            kind, model = values.pop("backdoor_game_key").tolist()
        except OSError as error:
            raise InvalidArgument(f"path {path!r} cannot be read: {error.strerror or error}") from None
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile, AttributeError):
            raise InvalidArgument(f"path {path!r} holds no key: name a file that Key.save has written") from None
        return Key(kind, model, values)
