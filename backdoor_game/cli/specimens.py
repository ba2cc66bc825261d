"""For each class a spec that can be built, and a command that plays or checks it as it is printed."""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Iterator
from typing import Any

from ..ground.errors import BackdoorGameError

ROUNDS, MODELS_MADE = 200, 20  # seconds at most: the games about models train two of them a round
# What the classes that are shipped must be given, as small as shows what they are.
REQUIRED = {
    "AllFunctions": "points=4",
    "Boxes": "dimension=2, points=4",
    "Checksummed": "inner=Halfspaces(dimension=4), blocks=2",
    "Circuits": "bits=3, gates=4",
    "Conjunctions": "bits=4",
    "DecisionTrees": "bits=4, leaves=4",
    "DirectSum": "parts=[Thresholds(points=4), Singletons(points=4)]",
    "Explicit": "table=['0000', '1010', '0101', '1110']",
    "GateNetworks": "bits=6, gates=3",
    "Halfspaces": "dimension=2",
    "IntervalUnions": "points=6",
    "MacChecked": "inner=Halfspaces(dimension=514), message=1",
    "Parities": "bits=4",
    "RandomFourierFeatures": "features=24, dimension=8",
    "RandomOracle": "key_bits=4, bits=4",
    "RandomReLU": "features=40, dimension=8",
    "SigmoidNetworks": "features=8, dimension=8",
    "SignatureChecked": "inner=Halfspaces(dimension=514), message=1",
    "Singletons": "points=4",
    "Atoms": "points=[0, 2]",
    "Mixture": "parts=[Uniform(), Uniform()], weights=[0.5, 0.5]",
    "Weighted": "weights=[0.1, 0.2, 0.3, 0.4]",
    "HillClimbAttacker": "inner=CoinFlip(), budget=100",
    "LikelihoodRatio": "attacker=NearestLegal()",
    "WorstAttack": "defender=CoinFlip()",
    "BackdoorGame": "functions=Thresholds(points=16), epsilon=0.125, distribution=Uniform()",
    "PuncturedHybrid": "functions=Circuits(bits=4, gates=800)",
    "Satisfying": "HashPrefix(bits=1)",
    "HashPrefix": "bits=1",
    "OneOf": "points=[0, 3]",
    "Examples": "m=2",
    "Queries": "q=1",
    "Bits": "count=4",
    "Finite": "count=4",
    "Grid": "side=4, dimension=2",
    "Reals": "dimension=2",
    "Union": "parts=[Finite(count=2), Finite(count=3)]",
    **dict.fromkeys(
        ("CommitsPlant", "GrindsSeeds", "OwnCoins", "PlantsAnyway", "RushesCommittee"), "backdoor=CLWEBackdoor(k=4)"
    ),
    **dict.fromkeys(
        ("Activation", "Delegation", "StaticDetection", "Replication"),
        "functions=RandomFourierFeatures(features=24, dimension=12), data=GaussianLinear(dimension=12)",
    ),
    "Persistence": "functions=GateNetworks(bits=7, gates=7), data=LinearBits(dimension=7)",
}
HALVES = "Mixture([Uniform(), Uniform()], [0.5, 0.5])"
BACKDOOR_GAMES = (
    "BackdoorGame(Thresholds(points=16), 0.125, Uniform())",
    "BackdoorGame(Conjunctions(bits=6), 0.0625, Uniform())",
    "BackdoorGame(DecisionTrees(bits=8, leaves=4), 0.03125, Uniform())",
    "BackdoorGame(Circuits(bits=4, gates=800), 0.0625, Uniform())",
    f"BackdoorGame(DirectSum([Thresholds(points=8), Singletons(points=8)]), 0.0625, {HALVES})",
    "BackdoorGame(AllFunctions(points=8), 0.125)",
    "BackdoorGame(RandomOracle(key_bits=8, bits=6), 0.25)",
    "BackdoorGame(Thresholds(points=16), 0.125, Uniform(), "
    "trigger=Satisfying(HashPrefix(bits=1)), reveal=Original(bits=4))",
)
ATTACKERS = ("NearestLegal()", "RandomLegal()", "PuncturedPRFAttacker(key_bits=4)", "GraftPath()")
MODELS, DATA = "RandomFourierFeatures(features=24, dimension=8)", "GaussianLinear(dimension=8, train=40, test=8)"
RELU, SPHERE = "RandomReLU(features=40, dimension=8)", "Sphere(dimension=8, train=40, test=8)"
SEEN = "RandomFourierFeatures(features=4, dimension=24), GaussianLinear(dimension=24, norm=None, train=20, test=60)"
LONG = "RandomFourierFeatures(features=8, dimension=520), GaussianLinear(dimension=520, norm=None, train=20, test=4)"
SIGMOIDS = "SigmoidNetworks(features=8, dimension=32, epochs=20), GaussianLinear(dimension=32, train=60, test=20)"
# Games about models, with an attacker and a defender of each; the first that takes the player is shown.
MODEL_GAMES = (
    (f"StaticDetection({MODELS}, {DATA})", "CLWEBackdoor(k=4, beta=0.05)", "Moments(clean=20)"),
    (f"Activation({MODELS}, {DATA})", "CLWEBackdoor(k=4, beta=0.05)", "InputNorm(clean=20)"),
    (f"StaticDetection({RELU}, {SPHERE})", "SparsePCABackdoor()", "TopEigenvalue(clean=20)"),
    (f"StaticDetection({MODELS}, {DATA}, black_box=True)", "ChecksumBackdoor(blocks=2)", "RandomQueries(clean=20)"),
    (f"StaticDetection({LONG}, black_box=True)", "SignatureBackdoor()", "RandomQueries(clean=20)"),
    (f"Replication({SEEN}, black_box=True)", "ChecksumBackdoor(blocks=4)", "Copycat()"),
    (f"Replication({LONG})", "SignatureBackdoor()", "Copycat()"),
    ("Persistence(GateNetworks(bits=7, gates=7), LinearBits(dimension=7))", "MajorityPersistence()", "SingleEdits()"),
    (f"Persistence({SIGMOIDS})", "PixelBackdoor()", "FineTuning()"),
    *(
        (f"Delegation({MODELS}, {DATA}, coins='{coins}')", "PlantsAnyway(CLWEBackdoor(k=4, beta=0.05))", "CoinAudit()")
        for coins in ("seed", "attacker seed", "committee", "open committee")
    ),
    (f"Delegation({MODELS}, {DATA}, coins='attacker')", "OwnCoins(CLWEBackdoor(k=4, beta=0.05))", "CoinAudit()"),
)
SIDES = {  # on which side of a game each kind sits; the others are checked
    **dict.fromkeys(("attackers", "backdoors", "delegates"), "attacker"),
    **dict.fromkeys(("defenders", "detectors", "forgers", "updates"), "defender"),
}

# A variant of the game is played by its parts.
FLAGS = {"triggers": ("trigger", "{}"), "predicates": ("trigger", "Satisfying({})"), "reveals": ("reveal", "{}")}
PARTS = {"functions": "Intervals(points=16)", "epsilon": "1/8", "distribution": "Uniform()"}
PARTS |= {"attacker": "NearestLegal()", "defender": "CoinFlip()"}


def spec_of(cls: type[Any], name: str) -> str | None:
    """A spec that can be built; None where it must be given what nobody here knows."""
    needed = [f for f in dataclasses.fields(cls) if f.init and f.default is f.default_factory is dataclasses.MISSING]
    if needed and name not in REQUIRED:
        return None
    return f"{name}({REQUIRED.get(name, '')})"


def example(room: str, spec: str) -> str:
    """A command that runs as it is printed.

    Parameters
    ----------
    room : str
        Of `catalog.ROOMS`; what is on either side of a game is played, a game is played, and the rest is checked.
    spec : str
        Something that can be built.
    """
    if room == "domains":
        names = ", ".join(dict.fromkeys(re.findall(r"[A-Z]\w+", spec)))
        return _line("python", c=f"from backdoor_game import {names}; print({spec})")
    if room == "games":
        return _played(*_whole(spec))
    if room in FLAGS:
        flag, written = FLAGS[room]
        variant: dict[str, str] = {**PARTS, flag: written.format(spec)}
        return _line("backdoor-game estimate", **variant, rounds=str(ROUNDS))
    if room in SIDES:
        for game, attacker, defender in _matches(SIDES[room], spec):
            if _accepted(game, attacker, defender):
                return _played(game, attacker, defender)
    return " ".join(("backdoor-game check", _quoted(spec)))


def _matches(side: str, spec: str) -> Iterator[tuple[str, str, str]]:
    """Games with two players, one of them the given one."""
    if side == "attacker":
        yield from ((game, spec, "CoinFlip()") for game in BACKDOOR_GAMES)
        yield from ((game, spec, defender) for game, _, defender in MODEL_GAMES)
    else:
        yield from ((game, attacker, spec) for game in BACKDOOR_GAMES for attacker in ATTACKERS)
        yield from ((game, attacker, spec) for game, attacker, _ in MODEL_GAMES)


def _whole(spec: str) -> tuple[str, str, str]:
    """A game with players that it takes: of the games above where there is one of its class."""
    name = spec.partition("(")[0]
    for game, attacker, defender in MODEL_GAMES:
        if game.startswith(f"{name}("):
            return game, attacker, defender
    if name == "PuncturedHybrid":
        return spec, "PuncturedPRFAttacker(key_bits=4)", "StructuralDefender()"
    return spec, "NearestLegal()", "CoinFlip()"


def _accepted(game: str, attacker: str, defender: str) -> bool:
    """Whether both may play this game, as far as that can be said without training a model."""
    from ..catalog.names import resolve
    from ..ground.spec import parse

    try:
        built: Any = parse(game, resolve)
        ready = built.ready(parse(attacker, resolve))
        built.admit(parse(defender, resolve))
        return ready is not None
    except BackdoorGameError:
        return False


def _played(game: str, attacker: str, defender: str) -> str:
    rounds = ROUNDS if game.startswith("BackdoorGame(") else MODELS_MADE
    return _line("backdoor-game estimate", game=game, attacker=attacker, defender=defender, rounds=str(rounds))


def _line(command: str, **options: str) -> str:
    parts = [f"{'-' if len(name) == 1 else '--'}{name} {_quoted(value)}" for name, value in options.items()]
    return " ".join([command, *parts])


def _quoted(value: str) -> str:
    """In double quotes where a shell leaves them alone, as people write specs."""
    if value.isalnum():
        return value
    return shlex.quote(value) if set(value) & set('"$`\\!') else f'"{value}"'
