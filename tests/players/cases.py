"""Every shipped player with games that it can play, and views on a block of their rounds."""

from __future__ import annotations

import dataclasses

import numpy as np

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    Atoms,
    BackdoorGame,
    BoltzmannResampling,
    Boxes,
    Circuits,
    Closure,
    CoinFlip,
    Conjunctions,
    ConsistentERM,
    DecisionTrees,
    DeepestLegal,
    DirectSum,
    DistillationEnsemble,
    ExchangeablePair,
    Explicit,
    GraftPath,
    Halfspaces,
    HammingSmoothing,
    HiddenTile,
    Identity,
    Intervals,
    IntervalUnions,
    KeySearch,
    LeafMass,
    LinearSeparator,
    Memorizer,
    Mixture,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    OneInclusion,
    OptimalAttacker,
    OptimalDefender,
    Parities,
    ParityCheck,
    PredicateCheck,
    ProductBits,
    PuncturedPRFAttacker,
    RandomLegal,
    RandomOracle,
    RareConjunction,
    Rewriting,
    Shattered,
    Singletons,
    StandardNormal,
    Star,
    StructuralDefender,
    Thresholds,
    TraceReader,
    TreeLearner,
    Uniform,
    UnitCube,
    Weighted,
)
from backdoor_game.games.predicates import HashPrefix, OneOf
from backdoor_game.games.reveals import AttackerRun, AttackerTranscript, Coins, Original
from backdoor_game.games.triggers import Chosen, Satisfying
from backdoor_game.ground import streams
from backdoor_game.players.attackers.base import PLANT
from backdoor_game.players.views import AttackerBlock, DefenderBlock, Meter

ROWS = 40
EVEN = [0.5, 0.5]
LISTED = [
    BackdoorGame(AllFunctions(points=5), 0.2, Uniform()),
    BackdoorGame(AllFunctions(points=4), 0.3, Weighted([0.1, 0.2, 0.3, 0.4])),
    BackdoorGame(Thresholds(points=10), 0.3, Uniform()),
    BackdoorGame(Thresholds(points=4), 0.3, Weighted([0.1, 0.2, 0.3, 0.4])),
    BackdoorGame(Intervals(points=6), "1/3", Uniform()),
    BackdoorGame(IntervalUnions(points=6, k=2), 0.25, Atoms([5, 0, 2, 3])),
    BackdoorGame(Singletons(points=6), "2/6", Uniform()),
    BackdoorGame(Boxes(dimension=2, points=3), "2/9", Uniform()),
    BackdoorGame(Conjunctions(bits=3), 0.3, ProductBits([0.1, 0.5, 0.8])),
    BackdoorGame(Parities(bits=3), 0.5, ProductBits([0.1, 0.5, 0.3])),
    BackdoorGame(Explicit(["00000", "10100", "01011", "11110", "00111", "10001"]), 0.6, Uniform()),
]
TILED = [
    BackdoorGame(DirectSum([Thresholds(points=3), Singletons(points=2)]), 0.25, Mixture([Uniform(), Uniform()], EVEN)),
    BackdoorGame(
        DirectSum([Intervals(points=3), Singletons(points=4)]), 0.1, Mixture([Uniform(), Uniform()], [0.6, 0.4])
    ),
    BackdoorGame(
        DirectSum([AllFunctions(points=2), Singletons(points=3)]),
        0.2,
        Mixture([Uniform(), Weighted([0.2, 0.3, 0.5])], EVEN),
    ),
]
CONTINUOUS = [
    BackdoorGame(Thresholds(), 0.2, UnitCube()),
    BackdoorGame(Intervals(), 0.2, StandardNormal()),
    BackdoorGame(Boxes(dimension=2), 0.2, UnitCube()),
]
HALFSPACES = [BackdoorGame(Halfspaces(dimension=2, bias=bias), 0.3, StandardNormal()) for bias in (True, False)]
TREES = [
    BackdoorGame(DecisionTrees(bits=2, leaves=3), 0.3, Uniform()),
    BackdoorGame(DecisionTrees(bits=2, leaves=4), 0.2, ProductBits([0.1, 0.4])),
    BackdoorGame(DecisionTrees(bits=5, leaves=9), "1/16", Uniform()),
    BackdoorGame(DecisionTrees(bits=20, leaves=16), 0.01, ProductBits(0.3)),
]
ANDS = [BackdoorGame(Conjunctions(bits=bits), 0.2, Uniform()) for bits in (1, 3, 60)]
WIRES = [
    BackdoorGame(Circuits(bits=1, gates=0), 0.5, Uniform()),
    BackdoorGame(Circuits(bits=2, gates=3), 0.25, Uniform()),
    BackdoorGame(Circuits(bits=3, gates=300), 0.2, ProductBits([0.1, 0.5, 0.8])),
]
OPEN = [
    BackdoorGame(AllFunctions(points=4), 0.25),
    BackdoorGame(AllFunctions(points=5), 0.15),
    BackdoorGame(Intervals(points=5), 0.3),
    BackdoorGame(Boxes(dimension=2, points=3), 0.2),
    BackdoorGame(Explicit(["0010", "0110", "1010", "1110"]), 0.5),
    BackdoorGame(Boxes(dimension=2), 0.25),
    BackdoorGame(Halfspaces(dimension=2), "1/3"),
    BackdoorGame(DirectSum([Thresholds(points=3), Parities(bits=2)]), 0.3),
]
CHOSEN = [dataclasses.replace(LISTED[place], trigger=Chosen()) for place in (1, 2, 4, 8)]
ASKED = [dataclasses.replace(LISTED[2], trigger=Satisfying(predicate)) for predicate in (OneOf([2, 7]), HashPrefix(1))]
TRACED = [dataclasses.replace(LISTED[place], reveal=Original(bits=place)) for place in (1, 2, 4)]
TRACED += [dataclasses.replace(LISTED[2], reveal=AttackerTranscript())]
ATTACKERS = {
    NearestLegal(): [*LISTED, *TILED, *CONTINUOUS, *HALFSPACES],
    RandomLegal(): [*LISTED, *TILED],
    OptimalAttacker(): [*LISTED, *TILED],
    OptimalAttacker(law=Uniform(), tolerance=1e-3): OPEN[:4],
    ExchangeablePair(): CHOSEN,
    NoAttack(): [*LISTED[:3], *CONTINUOUS[:1], *HALFSPACES[:1]],
    HiddenTile(): TILED,
    Shattered(): OPEN,
    Star(): [OPEN[0], OPEN[4], BackdoorGame(RandomOracle(key_bits=6, bits=4), 0.25)],
    Star(points=2): [*OPEN[:5], OPEN[7]],
    PuncturedPRFAttacker(key_bits=4): WIRES,
    PuncturedPRFAttacker(key_bits=6): WIRES,
    PuncturedPRFAttacker(key_bits=4, obfuscator=Identity()): [
        WIRES[2],
        BackdoorGame(Circuits(4, 360), "1/16", Uniform()),
    ],
    PuncturedPRFAttacker(key_bits=4, obfuscator=Rewriting(rounds=2)): [
        WIRES[2],
        BackdoorGame(Circuits(4, 700), "1/16", Uniform()),
    ],
    GraftPath(): TREES,
    GraftPath(leaves=2): TREES,
    GraftPath(original=[2, 3, 0, 1, 1]): TREES,
    DeepestLegal(): TREES,
    DeepestLegal(leaves=3): TREES,
}
CLOSED = [game for game in (*LISTED, *TILED, *CONTINUOUS) if game.functions.intersection_closed]
KNOWN = [game for game in (*LISTED, *TILED) if game.epsilon < 0.5]
DEFENDERS = {
    DistillationEnsemble(): [*LISTED, *TILED, *OPEN[:5], *CONTINUOUS],
    DistillationEnsemble(members=1): KNOWN,
    DistillationEnsemble(learner=OneInclusion(), members=5, examples=3, threshold=0.5): [*LISTED, *CONTINUOUS],
    DistillationEnsemble(learner=Closure(), members=6, examples=4): CLOSED,
    DistillationEnsemble(learner=ConsistentERM(), members=3, examples=4): [*LISTED, *TILED],
    DistillationEnsemble(learner=Memorizer(default=1), members=4, examples=3): [*LISTED, *CONTINUOUS, *HALFSPACES],
    DistillationEnsemble(learner=LinearSeparator(), members=2, examples=5, threshold="1/2"): HALFSPACES,
    BoltzmannResampling(): [*LISTED, *TILED, *OPEN[:5]],
    BoltzmannResampling(beta=3.0, draws=4): [*LISTED, *TILED],
    BoltzmannResampling(examples=7): OPEN[:5],
    BoltzmannResampling(steps=9, draws=2): [*LISTED[:2], *LISTED[8:10], *OPEN[:2]],
    NeighbourVote(): [*LISTED, *TILED, *CONTINUOUS, *OPEN],
    NeighbourVote(neighbours=9, examples=4): [*LISTED, *HALFSPACES],
    OptimalDefender(): [*LISTED, *TILED],
    OptimalDefender(law=Uniform(), tolerance=1e-3): OPEN[:4],
    PredicateCheck(): ASKED,
    TraceReader(): TRACED,
    TraceReader(attacker=RandomLegal()): [dataclasses.replace(game, reveal=Coins()) for game in LISTED[:3]],
    LeafMass(): TREES,
    LeafMass(delta=0.9): TREES,
    RareConjunction(): ANDS,
    DistillationEnsemble(learner=TreeLearner(), members=3, examples=9, threshold="1/3"): TREES,
    CoinFlip(): [*LISTED[:3], *OPEN[:2], *CONTINUOUS[:1]],
    AlwaysClean(): [*LISTED[:3], *OPEN[:2], *CONTINUOUS[:1]],
    AlwaysFlag(): [*LISTED[:3], *OPEN[:2], *CONTINUOUS[:1]],
    KeySearch(key_bits=4): [*LISTED[8:10], *WIRES],
    KeySearch(budget=9, key_bits=5): [*LISTED[8:10], *WIRES],
    ParityCheck(key_bits=4): [*LISTED[8:10], *WIRES],
    ParityCheck(mask=1, key_bits=4): [
        BackdoorGame(Circuits(4, gates), epsilon, Uniform()) for gates, epsilon in ((360, "1/16"), (200, "1/8"))
    ],
    HammingSmoothing(): [*LISTED[8:10], *WIRES, *ANDS[:2]],
    HammingSmoothing(flip=0.3, samples=5): [*LISTED[8:10], *WIRES],
    StructuralDefender(): WIRES,
    StructuralDefender(rare=0.2, points=64): [*WIRES, BackdoorGame(Circuits(9, 12), 0.1, Uniform())],
}
ATTACKING = [(attacker, game) for attacker, games in ATTACKERS.items() for game in games]
DEFENDING = [(defender, game) for defender, games in DEFENDERS.items() for game in games]


def keys_of(role: str, seed: int = 3) -> np.ndarray:
    return streams.role_keys(seed, "players", role, 0, ROWS)


def law_of(game: BackdoorGame, attacker=None):
    """D: the game's, or the attacker's own; where a defender plays an open game, what `Shattered` picks."""
    return game.setup(attacker or Shattered())


class Rounds:
    """What a block of rounds is made of, of which views are made again and again."""

    def __init__(self, game: BackdoorGame, law, *, rows: np.ndarray | None = None) -> None:
        self.game, self.law = game, law
        self.rows = np.arange(ROWS) if rows is None else rows
        self.codes = game.functions.sample_block(keys_of("choose"))
        self.X = law.sample_block(keys_of("trigger"), 0, 1)[:, 0]

    def meter(self) -> Meter:
        return Meter(len(self.rows))

    def before(self) -> AttackerBlock:
        """What an attacker sees before f exists."""
        return AttackerBlock(self.game, self.law, keys_of("choose")[self.rows], self.meter())

    def planting(self, codes: np.ndarray) -> AttackerBlock:
        """What an attacker sees once f and the trigger exist; codes are of all rounds."""
        return AttackerBlock(
            self.game,
            self.law,
            keys_of("plant")[self.rows],
            self.meter(),
            codes=codes[self.rows].copy(),
            X_star=self.X[self.rows].copy(),
            referee_keys=keys_of("referee")[self.rows],
        )

    def trace(self) -> np.ndarray | None:
        """What is revealed of a run whose originals are not the functions shown."""
        if self.game.reveal is None:
            return None
        f, coins = self.game.functions.sample_block(keys_of("plant")), np.stack([keys_of("choose")] * 3, axis=1)
        return self.game.reveal.trace_block(AttackerRun(self.game.functions, f, coins, ((),) * ROWS))[self.rows]

    def defending(self) -> DefenderBlock:
        """What a defender sees."""
        return DefenderBlock(
            self.game,
            self.law,
            self.codes[self.rows].copy(),
            self.X[self.rows].copy(),
            keys_of("defender/0")[self.rows],
            keys_of("oracle/0")[self.rows],
            self.meter(),
            trace=self.trace(),
        )

    def __getitem__(self, rows) -> Rounds:
        """The same rounds in another order, or some of them."""
        return Rounds(self.game, self.law, rows=np.asarray(rows))


def generator(key):
    """A round's one generator, by the definition of its key."""
    return np.random.Generator(np.random.Philox(key=int(key)))


def planted_by(attacker, rounds, codes):
    """What a prepared attacker plants, with codes where it forfeits made equal to f."""
    planted, said = attacker.plant_block(rounds.planting(codes))
    return np.where((said == PLANT)[:, None], planted, codes[rounds.rows]), np.asarray(said)


def attacked(attacker, game):
    """The prepared attacker, rounds on its distribution, and the codes that it chooses."""
    ready = attacker.prepare(game)
    rounds = Rounds(game, law_of(game, ready))
    return ready, rounds, ready.choose_block(rounds.before())
