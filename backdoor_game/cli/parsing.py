"""argparse with this package's manners: one sentence for each mistake, and the closest option named."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from ..ground._validate import did_you_mean
from ..ground.errors import InvalidArgument

MOST_MEANT = 3  # options that a short form may stand for in a sentence
# What takes several values of an option elsewhere.
SEVERAL = {
    "--defender": "name one, or let compare, curve or tournament play several",
    "--attacker": "name one, or let tournament play several",
    "--sweep": "one parameter is swept at a time: run curve once for each",
    "--epsilon": "name one, or sweep it: curve --sweep epsilon=1/32,1/8",
    "--game": "name one, or let tournament play several",
}


class Parser(argparse.ArgumentParser):
    """A parser that raises `InvalidArgument` where argparse would print a usage message and leave."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(
            prog=f"backdoor-game {command}",
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        raise InvalidArgument(message.removeprefix("argument "))

    def print_help(self, file: Any = None) -> None:
        """To standard output, where argparse would not say that it cannot be written."""
        print(self.format_help(), end="", file=file)

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """The parsed arguments; an unknown one is refused with the closest known option.

        Raises `SystemExit` after printing the help that was asked for.
        """
        joined = self._joined(words)
        self._refuse_twice(joined)
        namespace, extra = self.parse_known_args(joined)
        if extra:
            word = extra[0].split("=")[0]
            hint = self._meant(word) if word.startswith("-") else "every value follows an --option"
            raise InvalidArgument(f"unknown argument {word!r}: {hint}")
        return namespace

    def _refuse_twice(self, words: Sequence[str]) -> None:
        """Refuse a second value of an option that takes one: the first would be dropped without a word."""
        given: dict[str, str] = {}
        for word in words:
            name, equals, value = word.partition("=")
            action = self._option_string_actions.get(name)
            if not equals or type(action).__name__ != "_StoreAction":
                continue
            if name in given:
                several = SEVERAL.get(name, "give it once")
                raise InvalidArgument(f"{name} is given twice, {given[name]!r} and {value!r}: {several}")
            given[name] = value

    def _meant(self, word: str) -> str:
        """What an unknown option may have been meant for: a short form, one of another command, or a slip."""
        options = [name for name in self._option_string_actions if name.startswith("--")]
        if word == "--game" and "--functions" in options:
            return "this command plays the backdoor game alone: name its --functions, --epsilon and --distribution"
        longer = [name for name in sorted(options, key=len) if name.startswith("--" + word.lstrip("-"))]
        if len(word.lstrip("-")) > 0 and longer:
            return "did you mean " + " or ".join(map(repr, longer[:MOST_MEANT])) + "?"
        return did_you_mean(word, options)

    def _joined(self, words: Sequence[str]) -> list[str]:
        """Options glued to their values, so that a value may begin with a minus, as -1/2 does."""
        joined: list[str] = []
        rest = list(words)
        while rest:
            word = rest.pop(0)
            action = self._option_string_actions.get(word)
            if action is not None and action.nargs is None and word.startswith("--"):
                if not rest or rest[0] in self._option_string_actions:
                    raise InvalidArgument(f"{word} needs a value: {word} {action.metavar}")
                word = f"{word}={rest.pop(0)}"
            elif "=" in word and getattr(self._option_string_actions.get(word.split("=")[0]), "nargs", None) == 0:
                raise InvalidArgument(f"{word.split('=')[0]} takes no value, got {word!r}")
            joined.append(word)
        return joined


def whole(name: str, text: str | None) -> int | None:
    """A whole number that was typed, such as 20000, 20_000 or 1e6; its range is checked where it is used."""
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
        if value.is_integer():
            return int(value)
    except (ValueError, OverflowError):
        pass
    raise InvalidArgument(f"{name} must be a whole number, got {text!r}")


def needed(name: str, text: str | None, example: str) -> str:
    """The value of an option that has no default."""
    if text is None:
        raise InvalidArgument(f"--{name} is missing: pass for example --{name} {example}")
    return text
