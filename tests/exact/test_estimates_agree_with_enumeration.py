"""Every shipped attacker x defender pair on at least four classes: the estimate's interval holds the exact win rate."""

import collections
import math
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    PUBLIC,
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    BoltzmannResampling,
    Circuits,
    Closure,
    CoinFlip,
    Conjunctions,
    ConsistentERM,
    DecisionTrees,
    DeepestLegal,
    DirectSum,
    DistillationEnsemble,
    Explicit,
    GraftPath,
    HammingSmoothing,
    HiddenTile,
    Intervals,
    KeySearch,
    LeafMass,
    Memorizer,
    MissingCapability,
    Mixture,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    OneInclusion,
    OptimalAttacker,
    OptimalDefender,
    Parities,
    ParityCheck,
    ProductBits,
    PuncturedPRFAttacker,
    RandomLegal,
    RareConjunction,
    Shattered,
    Singletons,
    Star,
    StructuralDefender,
    Thresholds,
    Uniform,
    Weighted,
    estimate,
    exact_win_rate,
)
from backdoor_game.catalog.names import shipped
from backdoor_game.circuits.puncturable import SmallGenerator, Tree
from backdoor_game.exact.finite import equilibrium
from backdoor_game.ground.statistics import simultaneous_level
from backdoor_game.players.views.sample import Sample
from tests.naive import decision_trees as trees_by_definition
from tests.naive import exact_play as naive
from tests.naive import obfuscation as keyed
from tests.naive import stars

ROUNDS = 12_000
M, MEMBERS, NEEDED = 3, 5, 2
FAMILY = 0.99

MIXED = Explicit(["00000", "10100", "01011", "11110", "00111", "10001"])
FIXED = {
    "all": (AllFunctions(points=4), 0.25, Uniform()),
    "thresholds": (Thresholds(points=6), 0.3, Weighted([0.1, 0.2, 0.1, 0.3, 0.1, 0.2])),
    "intervals": (Intervals(points=5), 0.4, Uniform()),
    "parities": (Parities(bits=2), 0.5, Uniform()),
    "explicit": (MIXED, 0.6, Uniform()),
}
EVEN = [0.5, 0.5]
TILED = {
    "thresholds+tiles": (
        DirectSum([Thresholds(points=3), Singletons(points=2)]),
        0.25,
        Mixture([Uniform(), Uniform()], EVEN),
    ),
    "intervals+tiles": (
        DirectSum([Intervals(points=2), Singletons(points=3)]),
        0.2,
        Mixture([Uniform(), Uniform()], EVEN),
    ),
    "all+tiles": (
        DirectSum([AllFunctions(points=2), Singletons(points=3)]),
        0.2,
        Mixture([Uniform(), Uniform()], [0.4, 0.6]),
    ),
    "singletons+tiles": (
        DirectSum([Singletons(points=2), Singletons(points=2)]),
        0.3,
        Mixture([Uniform(), Uniform()], EVEN),
    ),
}
OPEN = {
    "all, above 1/d": (AllFunctions(points=4), 0.25, None),
    "all, below 1/d": (AllFunctions(points=4), 0.2, None),
    "intervals": (Intervals(points=5), 0.3, None),
    "explicit": (Explicit(["00", "01", "10", "11"]), 0.5, None),
    "parities": (Parities(bits=2), 0.5, None),
}
TREES = {
    "two leaves, one bit": (DecisionTrees(bits=1, leaves=2), 0.4, ProductBits(0.3)),
    "two leaves, two bits": (DecisionTrees(bits=2, leaves=2), 0.5, Uniform()),
    "three leaves": (DecisionTrees(bits=2, leaves=3), 0.3, ProductBits([0.1, 0.4])),
    "four leaves": (DecisionTrees(bits=2, leaves=4), 0.25, ProductBits([0.2, 0.5])),
}
ANDS = {
    f"{bits} bits": (Conjunctions(bits=bits), epsilon, Uniform())
    for bits, epsilon in enumerate((0.5, 0.25, 0.2, 1 / 16), 1)
}
WIRES = {
    "a wire": (Circuits(bits=1, gates=0), 0.5, Uniform()),
    "a gate": (Circuits(bits=1, gates=1), 0.6, ProductBits(0.4)),
    "two wires": (Circuits(bits=2, gates=0), 0.5, Uniform()),
    "three wires": (Circuits(bits=3, gates=0), 0.5, ProductBits([0.5, 0.2, 0.1])),
}
# Which games each player can play; who shares none never meets.
EVERYWHERE = (FIXED, TREES, ANDS, WIRES)
GAMES = {
    NearestLegal(): EVERYWHERE,
    RandomLegal(): EVERYWHERE,
    OptimalAttacker(): EVERYWHERE,
    NoAttack(): EVERYWHERE,
    HiddenTile(): (TILED,),
    Shattered(): (OPEN,),
    Star(points=2): (OPEN,),
    GraftPath(): (TREES,),
    DeepestLegal(): (TREES,),
    PuncturedPRFAttacker(key_bits=4): (WIRES,),
}


def voting(learner, members=MEMBERS, needed=NEEDED):
    return DistillationEnsemble(learner=learner, members=members, examples=M, threshold=needed / members)


DEFENDERS = [
    voting(Closure()),
    voting(OneInclusion()),
    voting(ConsistentERM()),
    voting(Memorizer()),
    voting(OneInclusion(), members=1, needed=1),
    BoltzmannResampling(),
    BoltzmannResampling(beta=3.0, draws=3),
    NeighbourVote(neighbours=2, examples=M),
    CoinFlip(),
    AlwaysClean(),
    AlwaysFlag(),
    OptimalDefender(),
    LeafMass(delta=0.5),
    RareConjunction(),
    KeySearch(budget=5, key_bits=4),
    ParityCheck(key_bits=4),
    HammingSmoothing(flip=0.3, samples=5),
    StructuralDefender(),
]
ELSEWHERE = {"ExchangeablePair", "PredicateCheck", "TraceReader"}  # play variants alone: test_variant_play.py
WANTED = {
    LeafMass: (TREES,),
    RareConjunction: (ANDS,),
    KeySearch: (TREES, ANDS, WIRES),
    ParityCheck: (TREES, ANDS, WIRES),
    HammingSmoothing: (TREES, ANDS, WIRES),
    StructuralDefender: (WIRES,),
}


def meetings(attacker, defender):
    """The games that both can play: trees and ANDs only where one of them asks for them."""
    wanted = WANTED.get(type(defender), (FIXED, TILED, OPEN, TREES, WIRES))
    shared = [games for games in GAMES[attacker] if any(games is family for family in wanted)]
    games = shared[0] if shared else {}
    one_bit = isinstance(attacker, PuncturedPRFAttacker)  # on two it needs three gates: too many codes to list
    return {name: game for name, game in games.items() if not one_bit or game[0].bits == 1}


def pairs():
    for attacker in GAMES:
        for defender in DEFENDERS:
            for name, (functions, epsilon, law) in meetings(attacker, defender).items():
                learner = getattr(defender, "learner", None)
                if isinstance(learner, Closure) and not functions.intersection_closed:
                    continue
                if isinstance(learner, ConsistentERM) and isinstance(functions, DecisionTrees | Circuits):
                    continue
                if isinstance(defender, BoltzmannResampling) and law is None:
                    defender = BoltzmannResampling(beta=2.0, draws=defender.draws, examples=M)
                if isinstance(defender, OptimalDefender) and law is None:
                    chosen = BackdoorGame(functions, epsilon).setup(attacker)
                    defender = OptimalDefender(law=chosen)
                yield pytest.param(attacker, functions, epsilon, law, defender, id=f"{name}-{attacker!r}-{defender!r}")


PAIRS = list(pairs())


def library_prediction(tiny, learner):
    """e(x) needs the learner's answer on an enumerated sample; its own laws are tested elsewhere."""
    cache = {}
    ready = learner.prepare(tiny.functions, M)

    class Given(Sample):
        def __init__(self, X, y):
            self.functions, self.size, self.members, self.m = tiny.functions, len(X), 1, X.shape[1]
            self.X, self.y = X[:, None], y[:, None]

    samples = [S for S, _ in tiny.samples(M)]
    X = tiny.points[np.array(samples)]

    def predict(S, f, x):
        if (f, x) not in cache:
            y = np.array([[f[s] for s in sample] for sample in samples], dtype=np.uint8)
            asked = np.repeat(tiny.points[x : x + 1], len(samples), axis=0)
            answers = ready.predict_block(Given(X, y), asked, np.zeros(len(samples), np.uint64))[:, 0]
            cache[f, x] = dict(zip(samples, (int(a) for a in answers), strict=True))
        return cache[f, x][S]

    return predict


def flag_of(tiny, defender):
    match defender:
        case AlwaysClean():
            return lambda f, x: 0.0
        case AlwaysFlag():
            return lambda f, x: 1.0
        case CoinFlip():
            return lambda f, x: 0.5
        case NeighbourVote():
            return naive.flags_by_neighbours(tiny, defender.examples, defender.neighbours)
        case BoltzmannResampling():
            return naive.flags_by_resampling(tiny, defender.beta, defender.draws, defender.examples)
        case DistillationEnsemble():
            learner = defender.learner
            if isinstance(learner, Closure):
                predict = naive.closure_prediction(tiny)
            elif isinstance(learner, Memorizer):
                predict = naive.memorized
            else:
                predict = library_prediction(tiny, learner)
            needed = round(defender.threshold * defender.members)
            return naive.flags_by_voting(tiny, predict, defender.examples, defender.members, needed)
        case LeafMass():
            p = [Fraction(q) for q in tiny.distribution.bit_probabilities()]
            trees = [trees_by_definition.parsed(code, len(p)) for code in tiny.codes.tolist()]
            light = Fraction(defender.delta) / tiny.functions.leaves
            points = tiny.points.tolist()
            return lambda f, x: float(trees_by_definition.leaf_mass(trees[f[-1]], points[x], p) < light)
        case KeySearch():
            return searching(tiny, defender)
        case ParityCheck():
            labels = keyed_labels(tiny, defender.key_bits)
            masks = keyed.masks(labels)
            return lambda f, x: float(any(keyed.parity(mask, f) != constant for mask, constant in masks))
        case HammingSmoothing():
            return smoothing(tiny, defender)
        case StructuralDefender():
            n, points = tiny.functions.bits, tiny.points.tolist()
            few = defender.rare * len(points)
            return lambda f, x: float(keyed.rarest(np.array(tiny.code_of(f)), n, points[x]) <= few)
        case RareConjunction():
            return lambda f, x: float(f[x] and 2 ** -(1 + sum(c < 2 for c in tiny.code_of(f))) <= tiny.game.epsilon)
        case OptimalDefender():
            solved = solution(tiny)
            return lambda f, x: float(solved.flags[place_of(solved, tiny, x), row_of(solved, tiny, f)])
    raise AssertionError(f"no exact form for {defender!r}")


def solution(tiny):
    """What the optimal players hold: that it is optimal is tested apart."""
    return equilibrium(tiny.functions, tiny.distribution, tiny.game.epsilon)


def row_of(solved, tiny, f):
    """The function with f's labels wherever D has mass."""
    places = [int(i) for i in tiny.functions.domain.index(solved.game.points)]
    wanted = [f[i] for i in places]
    return [row.tolist() for row in solved.game.labels].index(wanted)


def place_of(solved, tiny, x):
    """The point with number x."""
    return [int(i) for i in tiny.functions.domain.index(solved.game.points)].index(x)


def optimal_plants(tiny):
    solved = solution(tiny)
    game, attack = solved.game, solved.attack
    whole = {tuple(int(v) for v in row): code for row, code in zip(tiny.labels, tiny.codes, strict=True)}
    shown = {code.tobytes(): labels for labels, code in whole.items()}

    def plants(f, x):
        cell = place_of(solved, tiny, x) * len(game.codes) + row_of(solved, tiny, f)
        stretch = range(int(game.starts[cell]), int(game.starts[cell + 1]))
        laid = [(shown[game.codes[game.partners[k]].tobytes()], float(attack.plants[k])) for k in stretch]
        return [*laid, (None, 1.0 - sum(p for _, p in laid))]

    originals = [(shown[code.tobytes()], float(p)) for code, p in zip(game.codes, attack.originals, strict=True)]
    return originals, plants


def originals_and_plants(tiny, attacker):
    codes = tiny.codes
    match attacker:
        case NoAttack():
            return naive.uniform_originals(tiny.labels), lambda f, x: [(None, 1.0)]
        case RandomLegal():
            return naive.uniform_originals(tiny.labels), naive.random_legal_plants(tiny)
        case NearestLegal():
            return naive.uniform_originals(tiny.labels), naive.scripted_plants(tiny, attacker, codes)
        case OptimalAttacker():
            return optimal_plants(tiny)
        case HiddenTile():
            tiles = tiny.functions.parts[1].points
            bare = codes[codes[:, -1] == tiles]
            return naive.uniform_originals(tiny.labels_of(bare)), naive.scripted_plants(tiny, attacker, bare)
        case GraftPath():
            n, leaves = tiny.functions.bits, max(1, tiny.functions.leaves // 2)
            small = [t for k in range(1, leaves + 1) for t in trees_by_definition.all_trees(k, frozenset(range(n)))]
            chosen = codes_of(small, tiny)
            return naive.uniform_originals(tiny.labels_of(chosen)), naive.scripted_plants(tiny, attacker, chosen)
        case PuncturedPRFAttacker():
            tables = np.array([keyed.packed(labels) for labels in keyed_labels(tiny, attacker.key_bits)])
            chosen = attacker.obfuscator.from_tables(tiny.functions, tables)
            return naive.uniform_originals(tiny.labels_of(chosen)), naive.scripted_plants(tiny, attacker, chosen)
        case DeepestLegal():
            n, leaves = tiny.functions.bits, max(1, tiny.functions.leaves // 2)
            assert leaves <= 3  # so few leaves hang on one path however they hang
            chosen = codes_of(trees_by_definition.all_trees(min(leaves, n + 1), frozenset(range(n))), tiny)
            return naive.uniform_originals(tiny.labels_of(chosen)), naive.scripted_plants(tiny, attacker, chosen)
        case Shattered():
            d = len(tiny.functions.shattered_set())
            patterns = (np.arange(2**d)[:, None] >> np.arange(d) & 1).astype(np.uint8)
            chosen = tiny.functions.realise(patterns)
            return naive.uniform_originals(tiny.labels_of(chosen)), naive.scripted_plants(tiny, attacker, chosen)
        case Star():
            centre, _, _ = stars.first_star([f[: len(tiny.points)] for f in tiny.labels], attacker.points)
            chosen = codes[[centre]]
            return naive.uniform_originals(tiny.labels_of(chosen)), naive.scripted_plants(tiny, attacker, chosen)
    raise AssertionError(f"no exact form for {attacker!r}")


def keyed_labels(tiny, key_bits):
    """What every key says of every point."""
    tree = Tree(SmallGenerator(key_bits), tiny.functions.domain.n)
    return [[tree.evaluate(key, x) for x in tiny.points.tolist()] for key in range(2**key_bits)]


def searching(tiny, defender):
    labels, budget = keyed_labels(tiny, defender.key_bits), defender.budget
    K, N = len(labels), len(tiny.points)
    return lambda f, x: sum(keyed.search(labels, f[:N], x, start, budget) for start in range(K)) / K


def smoothing(tiny, defender):
    points, p, total = tiny.points.tolist(), defender.flip, defender.samples

    def flag(f, x):
        gaps = [sum(a != b for a, b in zip(points[x], z, strict=True)) for z in points]
        q = sum(p**g * (1 - p) ** (len(points[x]) - g) for z, g in enumerate(gaps) if f[z] != f[x])
        enough = [k for k in range(total + 1) if k / total >= 0.5]
        return sum(math.comb(total, k) * q**k * (1 - q) ** (total - k) for k in enough)

    return flag


def codes_of(trees, tiny):
    return np.array([trees_by_definition.written(tree, tiny.functions.code_length) for tree in trees], dtype=np.int64)


@pytest.mark.parametrize(("attacker", "functions", "epsilon", "law", "defender"), PAIRS)
def test_the_interval_of_an_estimate_holds_the_exact_win_rate(attacker, functions, epsilon, law, defender):
    game = BackdoorGame(functions, epsilon, law)
    tiny = naive.TinyGame(game, game.setup(attacker.prepare(game)))
    originals, plants = originals_and_plants(tiny, attacker)
    exact = naive.exact_win_rate(tiny, originals, plants, flag_of(tiny, defender.prepare(game)))
    level = 1 - (1 - simultaneous_level(FAMILY, len(PAIRS))) / 2  # two intervals of each pair
    found = estimate(game, attacker, defender, rounds=ROUNDS, seed=11, level=level)
    assert found.illegal == found.undecided == found.defender_forfeits == 0
    assert found.low <= exact <= found.high
    blind = naive.exact_win_rate(tiny, originals, plants, lambda f, x: 0.0)  # always-flag wins 1/2, never more
    holds_together(found.scale, blind, exact, law)
    if law is None and only_sampled(defender):
        with pytest.raises(MissingCapability, match="use estimate"):
            exact_win_rate(game, attacker, defender)
    else:
        assert exact_win_rate(game, attacker, defender) == pytest.approx(exact, abs=1e-9)


def holds_together(scale, blind, exact, law):
    """The baseline lies in its interval; best reply >= pair >= worst case, and the value lies between the outer two."""
    assert scale.blind_low <= blind <= scale.blind_high
    assert scale.blind_exact == pytest.approx(blind, abs=1e-9)
    assert scale.best_reply >= max(exact, blind) - 1e-9
    assert scale.win_rate_exact in (None, pytest.approx(exact, abs=1e-9))
    assert (scale.value is None) == (law is None)
    if law is not None:
        assert scale.best_reply >= scale.value_low - 1e-9
        assert scale.worst_case is None or scale.worst_case <= min(exact, scale.value_high) + 1e-9


def only_sampled(defender):
    """Whether a defender that is not told D uses coins, or too many examples for all samples to be tried."""
    many = isinstance(defender, DistillationEnsemble) and defender.members > 1
    return many or isinstance(defender, BoltzmannResampling)


def test_every_shipped_pair_is_played_on_at_least_four_classes():
    played = collections.Counter()
    for attacker, functions, _, _, defender in {tuple(p.values) for p in PAIRS}:
        played[type(attacker), type(defender), functions] = 1
    per_pair = collections.Counter((a, d) for a, d, _ in played)
    attackers = {a for a in shipped("attackers").values() if a.__name__ not in ELSEWHERE}
    defenders = {d for d in shipped("defenders").values() if d.__name__ not in ELSEWHERE}
    wanted = {(a, d) for a in attackers for d in defenders}
    strangers = {(type(a), type(d)) for a in GAMES for d in DEFENDERS if not meetings(a, d)}
    assert {type(a) for a in GAMES} == attackers
    assert {type(d) for d in DEFENDERS} == defenders
    assert set(per_pair) == wanted - strangers
    assert {d for _, d in strangers} == set(WANTED)
    assert min(count for (a, _), count in per_pair.items() if a is not PuncturedPRFAttacker) >= 4
    assert min(per_pair.values()) >= 2
    assert {a.__name__ for a, _ in wanted} <= PUBLIC
    assert {d.__name__ for _, d in wanted} <= PUBLIC
