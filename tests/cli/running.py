"""Runs the command line in this process or in one of its own."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Sequence

from backdoor_game.cli import main

GAME = ("--functions", "AllFunctions(points=8)", "--epsilon", "1/8")
PLAYERS = ("--attacker", "Shattered()", "--defender", "CoinFlip()")
SHORT = (*GAME, *PLAYERS, "--rounds", "300", "--seed", "1", "--quiet")

MINE = '''
import dataclasses, pathlib
import numpy as np
from backdoor_game import Attacker, BlockDefender, Defender


@dataclasses.dataclass(frozen=True)
class Mine(Defender):
    """Suspicious of a label that is rare among m fresh examples."""

    m: int = 64
    threshold: float = 0.8

    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        return float(np.mean(y != view.f(view.x[None])[0]))


@dataclasses.dataclass(frozen=True)
class Seven(Defender):
    def suspicion(self, view, rng):
        return 7


@dataclasses.dataclass(frozen=True)
class Broken(Defender):
    def suspicion(self, view, rng):
        return 1 / 0


@dataclasses.dataclass(frozen=True)
class Leaves(Defender):
    def suspicion(self, view, rng):
        raise SystemExit(0)


@dataclasses.dataclass(frozen=True)
class Waits(Defender):
    """Leaves a mark when the first round is played."""

    mark: str = "started"

    def suspicion(self, view, rng):
        pathlib.Path(self.mark).touch()
        return 0.0


@dataclasses.dataclass(frozen=True)
class BlockWaits(BlockDefender):
    """The same for blocks, which are played in threads."""

    mark: str = "started"

    def suspicion_block(self, view):
        pathlib.Path(self.mark).touch()
        return np.zeros(len(view))


@dataclasses.dataclass(frozen=True)
class Far(Attacker):
    """Plants the opposite of f, far beyond epsilon."""

    def plant(self, view, rng):
        return view.game.functions.function(1 - view.f.code)
'''


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Answer]


SEVERAL = {"curve": ("--defender",), "solve": ("--attacker", "--defender")}
SEVERAL["tournament"] = ("--attacker", "--defender", "--epsilon", "--game")


def latest(words: Sequence[str]) -> list[str]:
    """The words with each option as it was given last, where a test changes one of a list: commands refuse two."""
    several = SEVERAL.get(words[0] if words else "", ())
    kept, rest, seen = [], list(words), set()
    while rest:
        word = rest.pop()
        valued = bool(rest) and rest[-1].startswith("--") and not word.startswith("--")
        if valued:
            option = rest.pop()
            if option in seen and option not in several:
                continue
            seen.add(option)
            kept += [word, option]
        else:
            kept.append(word)
    return kept[::-1]


def in_process(capsys) -> Run:
    """A runner that calls `main` here."""

    def run(*words: str) -> Answer:
        status = main(latest(words))
        captured = capsys.readouterr()
        return Answer(status, captured.out, captured.err)

    return run


def command(words: Sequence[str]) -> list[str]:
    """The same words for a process of its own."""
    return [sys.executable, "-m", "backdoor_game.cli", *latest(words)]


def in_a_process(*words: str, **environment: str) -> Answer:
    """Run in a process of its own, with these variables added to the environment."""
    done = subprocess.run(
        command(words), capture_output=True, text=True, timeout=120, env={**os.environ, **environment}, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)
