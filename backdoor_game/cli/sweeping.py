"""The options of a sweep with the parameter's value in the place of its name."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from ..ground._validate import did_you_mean
from ..ground.errors import InvalidArgument

if TYPE_CHECKING:
    from ..matches.sweeping import Sweep, Value

FIELDS = ("functions", "distribution", "epsilon", "attacker", "game", "trigger", "reveal")
_PLACE = re.compile(r"\{([^{}]*)\}")


def fill(options: argparse.Namespace, sweep: Sweep) -> list[argparse.Namespace]:
    """The options at each value, with ``{NAME}`` replaced in every spec; epsilon itself needs no place."""
    texts = {field: getattr(options, field) for field in FIELDS}
    defenders = list(options.defender or [None])
    if sweep.name == "epsilon" and texts["epsilon"] is None:
        texts["epsilon"] = "{epsilon}"
    written = [text for text in (*texts.values(), *defenders) if text is not None]
    places = {place for text in written for place in _PLACE.findall(text)}
    if unknown := sorted(places - {sweep.name}):
        held, named = f"{{{unknown[0]}}}", f"{{{sweep.name}}}"
        raise InvalidArgument(f"sweep names {sweep.name!r}, but a spec holds {held}: write {named} there")
    if not places and sweep.name == "epsilon":
        raise InvalidArgument(f"epsilon is swept and fixed at {options.epsilon} at once: leave --epsilon out")
    short = len(sweep.name) > 1 and "epsilon".startswith(sweep.name)
    if not places and (short or did_you_mean(sweep.name, ["epsilon"]).startswith("did")):
        raise InvalidArgument(
            f"sweep names {sweep.name!r}, but no spec holds {{{sweep.name}}}: did you mean 'epsilon'?"
        )
    if not places:
        example = f'--functions "AllFunctions(points={{{sweep.name}}})"'
        if options.game is not None:
            example = f'--attacker "CLWEBackdoor({sweep.name}={{{sweep.name}}})"'
        raise InvalidArgument(f"sweep names {sweep.name!r}, but no spec holds {{{sweep.name}}}: write {example}")

    def at(text: str | None, value: Value) -> str | None:
        return None if text is None else text.replace(f"{{{sweep.name}}}", value.text)

    def filled(value: Value) -> argparse.Namespace:
        changed = {field: at(text, value) for field, text in texts.items()}
        return argparse.Namespace(**{**vars(options), **changed, "defender": [at(text, value) for text in defenders]})

    return [filled(value) for value in sweep.values]
