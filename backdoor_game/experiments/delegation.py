"""Verifiable delegation: who supplies the coins decides whether this backdoor gets into a model."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from .. import bounds, figures
from ..functions.base import Floats
from ..games.base import Streams
from ..ground._blas import one_blas_thread
from ..ground.streams import ROLES, Generators, role_keys
from ..planting.backdoors import CLWEBackdoor
from ..planting.coins import expand, new_seed
from ..planting.datasets import GaussianLinear
from ..planting.delegates import (
    CommitsPlant,
    Delegate,
    GrindsSeeds,
    KeepsCoins,
    OwnCoins,
    PlantsAnyway,
    RushesCommittee,
)
from ..planting.delegates.grinds_seeds import key_statistic
from ..planting.detectors.coin_audit import objection
from ..planting.games import Delegation
from ..planting.models import RandomFourierFeatures
from .shared.base import FAMILY_LEVEL, Report, Settings, Table, Verdict
from .shared.means import mean_interval

NAME = "delegation"
TITLE = "Delegated training: an audit of the coins keeps this backdoor out of a model (through these coins alone)"
MODELS = RandomFourierFeatures(features=256, dimension=64)
DATA = GaussianLinear()
BACKDOOR = CLWEBackdoor(k=16, beta=0.1)
SEEDS = 64  # tried by who may pick one: sqrt(ln 64 / 256) is 0.13, a gain that can be told from none
NETWORKS = 40  # a line
CLOSE = 0.03  # of a mean flip rate, over 40 networks
Found = tuple[list[str | None], Floats]


@dataclasses.dataclass(frozen=True)
class DelegationLine:
    """One way to settle the coins, and what the attacker makes of it."""

    label: str
    coins: str
    delegate: Delegate
    accepted: bool
    flips: str


LINES = (
    DelegationLine("attacker's coins", "attacker", OwnCoins(BACKDOOR), True, "R(h)"),
    DelegationLine("seed, plants anyway", "seed", PlantsAnyway(BACKDOOR), False, "R(h)"),
    DelegationLine("seed, honest coins", "seed", KeepsCoins(BACKDOOR), True, "1/2"),
    DelegationLine("attacker picks the seed", "attacker seed", GrindsSeeds(BACKDOOR, seeds=SEEDS), True, "little"),
    DelegationLine("committee, commits plant", "committee", CommitsPlant(BACKDOOR), True, "1/2"),
    DelegationLine("committee, breaks word", "committee", RushesCommittee(BACKDOOR), False, "R(h)"),
    DelegationLine("no commitment, rushes", "open committee", RushesCommittee(BACKDOOR), True, "R(h)"),
)


def run(settings: Settings) -> Report:
    """Forty delegations a line, audited and activated; and the gain of grinding against its bound."""
    networks = 4 * NETWORKS if settings.full else NETWORKS
    results: dict[DelegationLine, Found] = {}
    for number, line in enumerate(LINES):
        results[line] = _played(line, networks, settings)
        settings.progress(number + 1, len(LINES) + 1)
    most = 1024 if settings.full else SEEDS
    gains = _ground(most, networks, settings)
    settings.progress(len(LINES) + 1, len(LINES) + 1)
    points = [_point(line, *found) for line, found in results.items()]
    ground = [
        {"seeds": n, "gain": float(gain.mean()), "bound": bounds.grinding_gain(n, MODELS.features)}
        for n, gain in gains.items()
    ]
    files = (*_draw_lines(results, settings.output), *_draw_grinding(gains, settings))
    return Report(
        NAME, TITLE, (_table(results),), _verdicts(results, gains, settings),
        {"lines": points, "grinding": ground}, files,
    )  # fmt: skip


def _played(line: DelegationLine, networks: int, settings: Settings) -> Found:
    """What the audit says of each network; and its flip rate, R(h) and key statistic, shape (networks, 3)."""
    game = Delegation(MODELS, DATA, coins=line.coins)
    delegate = game.ready(line.delegate).attacker
    streams = Streams(settings.seed, game)
    keys = {role: streams.keys(role, range(networks)) for role in ROLES}
    said, found = [], np.empty((networks, 3))
    for r in range(networks):
        with one_blas_thread():
            dealt, split = game.dealt(delegate, keys, r)
            said.append(objection(dealt.transcript, dealt.model, split))
        model, key, X = dealt.model, dealt.key, split.X_test
        assert key is not None
        moved = model(BACKDOOR.activate(model, key, X))
        w = MODELS.unpack(model.code)[2]
        expected = bounds.flip_rate_given_fit(MODELS.scores(model.code, X), float(w @ w), BACKDOOR.beta)
        found[r] = np.mean(moved != model(X)), expected, key_statistic(MODELS, model.code, key)
    return said, found


def _ground(most: int, networks: int, settings: Settings) -> dict[int, Floats]:
    """The best key statistic of the first N seeds, for N = 1, 2, 4 .. most, each (networks,)."""
    best = np.empty((networks, most))
    for r, word in enumerate(role_keys(settings.seed, NAME, "plant", 0, networks)):
        rng = Generators().keyed(word)
        key = BACKDOOR.new_key(MODELS, rng)
        best[r] = [key_statistic(MODELS, expand(new_seed(rng), MODELS), key) for _ in range(most)]
    best = np.maximum.accumulate(best, axis=1)
    return {2**i: best[:, 2**i - 1] for i in range(int(math.log2(most)) + 1)}


def _verdicts(
    results: dict[DelegationLine, Found], gains: dict[int, Floats], settings: Settings
) -> tuple[Verdict, ...]:
    return (
        *(_audited(line, said) for line, (said, _) in results.items()),
        *_flips(results),
        *_ground_verdicts(gains, settings),
    )


def _audited(line: DelegationLine, said: list[str | None]) -> Verdict:
    right = sum((one is None) == line.accepted for one in said)
    what = "accepted" if line.accepted else "rejected"
    return Verdict(
        f"{line.label}: {what}", f"{right} of {len(said)}", f"{len(said)} of {len(said)}", right == len(said)
    )


def _flips(results: dict[DelegationLine, Found]) -> list[Verdict]:
    """A key that was planted flips as often as R(h); one that was not, every second answer."""
    verdicts = []
    for line, (_, found) in results.items():
        flips, expected, _ = found.mean(axis=0)
        claim = f"{line.label}: the key flips as many answers as "
        if line.flips == "R(h)":
            told = f"{flips:.3f} beside {expected:.3f}"
            verdicts.append(Verdict(claim + "R(h)", told, f"within {CLOSE}", abs(flips - expected) <= CLOSE))
        elif line.flips == "1/2":
            verdicts.append(
                Verdict(claim + "a wrong one", f"{flips:.3f}", f".5 within {CLOSE}", abs(flips - 0.5) <= CLOSE)
            )
        else:
            most = 1 - math.acos(bounds.grinding_gain(SEEDS, MODELS.features)) / math.pi + CLOSE
            told = f"at most arccos(-sqrt(ln N / m))/pi + {CLOSE} = {most:.3f}"
            verdicts.append(
                Verdict(f"{line.label}: of {SEEDS}, little is gained", f"flips {flips:.3f}", told, flips <= most)
            )
    return verdicts


def _ends(gains: dict[int, Floats], settings: Settings) -> dict[int, tuple[float, float]]:
    """An interval for each mean gain; all of them hold at once."""
    level = settings.level(len(gains))
    return {n: mean_interval(gain, level) for n, gain in gains.items()}


def _ground_verdicts(gains: dict[int, Floats], settings: Settings) -> list[Verdict]:
    ends = _ends(gains, settings)
    over = max(low - bounds.grinding_gain(n, MODELS.features) for n, (low, _) in ends.items())
    most = max(gains)
    share = float(gains[most].mean()) / bounds.grinding_gain(most, MODELS.features)
    claim = "grinding N seeds moves the key statistic by at most sqrt(ln N / m) on average"
    return [
        Verdict(claim, f"largest lower end minus bound {over:+.4f} over {len(gains)} N", "at most 0", over <= 0),
        Verdict(f"and by over half of that at N = {most}", f"{share:.2f} of it", "over .5", share > 0.5),
    ]


def _table(results: dict[DelegationLine, Found]) -> Table:
    rows = []
    for line, (said, found) in results.items():
        reason = next((one for one in said if one is not None), "-")
        flips, expected, moved = found.mean(axis=0)
        accepted = f"{sum(one is None for one in said)} of {len(said)}"
        rows.append((line.label, accepted, f"{flips:.3f}", f"{expected:.3f}", f"{moved:+.3f}", reason))
    header = ("who supplies the coins", "accepted", "flips", "R(h)", "key statistic", "the audit's first objection")
    return Table(f"{MODELS!r}, {BACKDOOR!r}, {DATA!r}", header, tuple(rows))


def _point(line: DelegationLine, said: list[str | None], found: Floats) -> dict[str, object]:
    flips, expected, moved = (float(value) for value in found.mean(axis=0))
    rounds, accepted = len(said), sum(one is None for one in said)
    about = {"line": line.label, "coins": line.coins, "delegate": repr(line.delegate), "rounds": rounds}
    return {**about, "accepted": accepted, "flips": flips, "flips_given_fit": expected, "key_statistic": moved}


def _draw_lines(results: dict[DelegationLine, Found], folder: str) -> tuple[str, ...]:
    shown = []
    for said, found in results.values():
        flips, _, moved = found.mean(axis=0)
        shown.append([sum(one is None for one in said) / len(said), round(moved, 3) + 0.0, flips])
    figure = figures.matrix_figure(
        [figures.Panel("an audit recomputes coins and weights", shown)],
        [line.label for line in results],
        ["accepted", "key statistic", "flip rate"],
        title="Who supplies the coins: what an audit accepts, and what the key does",
        row_label="who supplies the coins",
        column_label=f"mean over {len(next(iter(results.values()))[0])} networks",
        colour_label="share, or mean of −cos 2π⟨g, bk⟩",
        colour_range=(0.0, 1.0),
    )
    return figures.save(figure, folder, NAME)


def _draw_grinding(gains: dict[int, Floats], settings: Settings) -> tuple[str, ...]:
    low, high = zip(*_ends(gains, settings).values(), strict=True)
    means = [float(gain.mean()) for gain in gains.values()]
    fine = range(1, max(gains) + 1)
    curve = [bounds.grinding_gain(n, MODELS.features) for n in fine]
    figure = figures.curve_figure(
        [figures.Series("best of N seeds", list(gains), means, low, high)],
        [figures.Line("√(ln N / m)", fine, curve),
         figures.Line("planted coins, ρ", [1, max(gains)], [bounds.pancake_correlation(BACKDOOR.beta)] * 2)],
        title="The key statistic of an attacker that picks the best of N seeds",
        xlabel="seeds N that the attacker tries",
        ylabel="key statistic, mean of −cos 2π⟨g, bk⟩",
        interval=f"simultaneous {FAMILY_LEVEL:.0%} Student intervals over {len(gains[1])} keys",
        log_x=2,
    )  # fmt: skip
    return figures.save(figure, settings.output, f"{NAME}-grinding")
