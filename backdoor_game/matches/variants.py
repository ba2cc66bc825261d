"""What makes a game a variant of the source's, and what it shows beside f' and x' as plain data."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ..games import BackdoorGame
from ..ground.origins import WHERE_SET
from ..ground.spec import default_of


def variant(game: BackdoorGame) -> dict[str, Any]:
    """Those of `trigger`, `clean_input` and `reveal` that make it another game than the source's, by name."""
    fields = [field for field in dataclasses.fields(game) if field.metadata.items() >= WHERE_SET.items()]
    return {f.name: getattr(game, f.name) for f in fields if getattr(game, f.name) != default_of(f)}


def plain(trace: Any) -> Any:
    """One round's entry of a trace as numbers, texts and lists of them."""
    if isinstance(trace, np.ndarray | np.generic):
        return trace.tolist()
    return [plain(entry) for entry in trace] if isinstance(trace, tuple | list) else trace
