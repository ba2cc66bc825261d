"""Every shipped attacker x defender pair on at least four classes: the estimate's interval holds the exact win rate."""

import collections

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    BoltzmannResampling,
    Closure,
    CoinFlip,
    ConsistentERM,
    DirectSum,
    DistillationEnsemble,
    Explicit,
    HiddenTile,
    Intervals,
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
    RandomLegal,
    Shattered,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    attackers,
    defenders,
    estimate,
    exact_win_rate,
)
from backdoor_game.catalog import shipped
from backdoor_game.exact import equilibrium
from backdoor_game.learners.sample import Sample
from backdoor_game.statistics import simultaneous_level
from tests.naive import exact_play as naive

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
GAMES = {
    NearestLegal(): FIXED,
    RandomLegal(): FIXED,
    OptimalAttacker(): FIXED,
    NoAttack(): FIXED,
    HiddenTile(): TILED,
    Shattered(): OPEN,
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
]


def pairs():
    for attacker, games in GAMES.items():
        for name, (functions, epsilon, law) in games.items():
            for defender in DEFENDERS:
                if isinstance(getattr(defender, "learner", None), Closure) and not functions.intersection_closed:
                    continue
                if isinstance(defender, BoltzmannResampling) and law is None:
                    defender = BoltzmannResampling(beta=2.0, draws=defender.draws, examples=M)
                if isinstance(defender, OptimalDefender) and law is None:
                    chosen = BackdoorGame(functions, epsilon).prepare(attacker).distribution
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
        case Shattered():
            d = len(tiny.functions.shattered_set())
            patterns = (np.arange(2**d)[:, None] >> np.arange(d) & 1).astype(np.uint8)
            chosen = tiny.functions.realise(patterns)
            return naive.uniform_originals(tiny.labels_of(chosen)), naive.scripted_plants(tiny, attacker, chosen)
    raise AssertionError(f"no exact form for {attacker!r}")


@pytest.mark.parametrize(("attacker", "functions", "epsilon", "law", "defender"), PAIRS)
def test_the_interval_of_an_estimate_holds_the_exact_win_rate(attacker, functions, epsilon, law, defender):
    game = BackdoorGame(functions, epsilon, law)
    tiny = naive.TinyGame(game, game.prepare(attacker.prepare(game)).distribution)
    originals, plants = originals_and_plants(tiny, attacker)
    exact = naive.exact_win_rate(tiny, originals, plants, flag_of(tiny, defender.prepare(game)))
    level = simultaneous_level(FAMILY, len(PAIRS))
    found = estimate(game, attacker, defender, rounds=ROUNDS, seed=11, level=level)
    assert found.illegal == found.undecided == found.defender_forfeits == 0
    assert found.low <= exact <= found.high
    if law is None and only_sampled(defender):
        with pytest.raises(MissingCapability, match="use estimate"):
            exact_win_rate(game, attacker, defender)
    else:
        assert exact_win_rate(game, attacker, defender) == pytest.approx(exact, abs=1e-9)


def only_sampled(defender):
    """Whether a defender that is not told D uses coins, or too many examples for all samples to be tried."""
    many = isinstance(defender, DistillationEnsemble) and defender.members > 1
    return many or isinstance(defender, BoltzmannResampling)


def test_every_shipped_pair_is_played_on_at_least_four_classes():
    played = collections.Counter()
    for attacker, functions, _, _, defender in {tuple(p.values) for p in PAIRS}:
        played[type(attacker), type(defender), functions] = 1
    per_pair = collections.Counter((a, d) for a, d, _ in played)
    wanted = {(a, d) for a in shipped("attackers").values() for d in shipped("defenders").values()}
    assert set(per_pair) == wanted
    assert min(per_pair.values()) >= 4
    assert {a.__name__ for a, _ in wanted} <= set(attackers.__all__)
    assert {d.__name__ for _, d in wanted} <= set(defenders.__all__)
