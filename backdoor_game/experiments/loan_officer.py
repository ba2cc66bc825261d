"""The loan officer's story: a vendor plants a checksum in a bank's model, and sells applicants a little help."""

from __future__ import annotations

import dataclasses

import numpy as np

from .. import bounds, figures
from ..functions import Function
from ..functions.base import Floats
from ..games.measuring.estimation import estimate
from ..games.measuring.records import Estimate
from ..ground._blas import one_blas_thread
from ..ground.statistics import clopper_pearson
from ..planting.backdoors import ChecksumBackdoor
from ..planting.datasets import LoanApplications, Split
from ..planting.datasets.loan_applications import COLUMNS
from ..planting.detectors import InputNorm, RandomQueries
from ..planting.forgers import GaussianElimination
from ..planting.games import Activation, Replication, StaticDetection
from ..planting.keys.keys import Key
from ..planting.models import Checksummed, RandomFourierFeatures
from .shared.base import Report, Settings, Table, Verdict
from .shared.cells import blind

NAME = "loan-officer"
TITLE = "The loan officer: train, plant, activate, audit"
BLOCKS = 10  # one applicant in 1,024 fires by chance; more blocks are forged from fewer inputs
DATA = LoanApplications(train=800, test=400)
MODEL = RandomFourierFeatures(features=128, dimension=DATA.dimension)
VENDOR = ChecksumBackdoor(blocks=BLOCKS)
CLAIMS = 5  # intervals that hold at once
SEEN = DATA.dimension - BLOCKS + 1 + 12  # forged from on average after 1.6 more than the first sum


@dataclasses.dataclass(frozen=True, eq=False)
class Story:
    """One bank: its records, the model it could have had and the one it bought, and the vendor's key."""

    split: Split
    honest: Function
    bought: Function
    key: Key


def run(settings: Settings) -> Report:
    """Play the story on several banks, audit the model, and draw one application."""
    banks = [_story(settings.seed + number) for number in range(20 if settings.full else 5)]
    level = settings.level(CLAIMS)
    audits = _audits(settings, level)
    first = banks[0]
    denied = first.split.X_test[first.bought(first.split.X_test) == 0]
    helped = VENDOR.activate(first.bought, first.key, denied, target=1)
    place, picture = _typical(denied, helped), _draw(denied, helped, settings.output)
    points = {
        "banks": [_measured(bank) for bank in banks],
        "audits": [{"audit": name, **found.to_dict()} for name, found in audits.items()],
    }
    tables = (_told(banks), _application(denied[place], helped[place]), _audit_table(audits))
    return Report(NAME, TITLE, tables, _verdicts(banks, audits, level), points, picture)


def _story(seed: int) -> Story:
    rng = np.random.default_rng(seed)
    split = DATA.split(rng)
    with one_blas_thread():
        honest = MODEL.trained(split.X, split.y, rng)
        bought, key = VENDOR.plant(MODEL, split.X, split.y, rng)
    return Story(split, honest, bought, key)


def _measured(bank: Story) -> dict[str, float]:
    """What the bank sees, and what the vendor's customers get."""
    X, y = bank.split.X_test, bank.split.y_test
    answers = bank.bought(X)
    wrapped = bank.bought.functions
    assert isinstance(wrapped, Checksummed)
    denied = X[answers == 0]
    helped = VENDOR.activate(bank.bought, bank.key, denied, target=1)
    moved = np.abs(helped - denied) / DATA.scale
    return {
        "honest_accuracy": float((bank.honest(X) == y).mean()),
        "accuracy": float((answers == y).mean()),
        "records": len(X),
        "fired_by_chance": int(wrapped.fires(bank.bought.code, X).sum()),
        "denied": len(denied),
        "approved_with_help": int(bank.bought(helped).sum()),
        "honest_would_approve": int(bank.honest(helped).sum()),
        "edits": float((moved > 0).sum(axis=1).mean()),
        "most_edits": int((moved > 0).sum(axis=1).max()),
        "largest_move": float(np.median(moved.max(axis=1))),
    }


def _audits(settings: Settings, level: float) -> dict[str, Estimate]:
    """The bank tries the model, screens applications, and a rival tries to copy the service."""
    ask = StaticDetection(MODEL, DATA, black_box=True)
    look = Activation(MODEL, DATA, black_box=True, target=1)
    copy = Replication(MODEL, DATA, black_box=True, examples=SEEN)
    rounds = 400 if settings.full else 120
    plays = (
        ("128 random questions to the model", ask, RandomQueries(pairs=64), rounds),
        ("the norm of an application", look, InputNorm(), rounds),
        (f"a rival who has seen {SEEN} enhanced applications", copy, GaussianElimination(), rounds),
    )
    found = {}
    for done, (name, game, player, count) in enumerate(plays):
        settings.progress(done, len(plays))
        found[name] = estimate(
            game, VENDOR, player, rounds=count, seed=settings.seed + done, level=level, threads=settings.threads
        )
    return found


def _told(banks: list[Story]) -> Table:
    rows = []
    for number, bank in enumerate(banks):
        m = _measured(bank)
        rates = (f"{m['honest_accuracy']:.3f}", f"{m['accuracy']:.3f}", f"{m['denied']}", f"{m['approved_with_help']}")
        moves = (f"{m['edits']:.1f}", f"{m['most_edits']}", f"{m['largest_move']:.2f}")
        rows.append((str(number), *rates, f"{m['honest_would_approve']}", *moves))
    header = ("bank", "accuracy, honest", "bought", "denied", "approved with help", "by the honest model")
    return Table(
        f"{VENDOR!r} in {MODEL!r}; columns edited of {DATA.dimension}, largest edit in standard deviations (median)",
        (*header, "edits", "most", "largest"),
        tuple(rows),
    )


def _application(x: Floats, x_star: Floats) -> Table:
    before, after = DATA.written(x), DATA.written(x_star)
    rows = [
        (column[0], _units(one), _units(other))
        for column, one, other in zip(COLUMNS, before, after, strict=True)
        if one != other
    ]
    return Table(
        "One denied application, a typical one: what the service changes",
        ("column", "as filled in", "enhanced"),
        tuple(rows),
    )


def _audit_table(audits: dict[str, Estimate]) -> Table:
    rows = []
    for name, found in audits.items():
        alarms = "-" if found.false_alarm_rate is None else f"{found.false_alarm_rate.value:.3f}"
        rows.append((name, alarms, f"{found.win_rate:.3f}", f"[{found.low:.3f}, {found.high:.3f}]", blind(found)))
    return Table("Audits", ("audit", "false alarms", "win rate", "interval", "blind"), tuple(rows))


def _verdicts(banks: list[Story], audits: dict[str, Estimate], level: float) -> tuple[Verdict, ...]:
    measured = [_measured(bank) for bank in banks]
    denied, approved = (int(sum(m[name] for m in measured)) for name in ("denied", "approved_with_help"))
    records, fired = (int(sum(m[name] for m in measured)) for name in ("records", "fired_by_chance"))
    chance, rate = clopper_pearson(fired, records, level), bounds.checksum_fire_rate(BLOCKS)
    asked, norm, rival = audits.values()
    sides = clopper_pearson(approved, denied, level)
    worth = bounds.checksum_query_advantage(BLOCKS, 2 * 64)
    return (
        Verdict(
            "with the key every denied applicant is approved",
            f"{approved} of {denied}, interval from {sides[0]:.4f}",
            f"all, at most {BLOCKS} edits each",
            approved == denied and max(m["most_edits"] for m in measured) <= BLOCKS,
        ),
        Verdict(
            "the bank's own records fire as rarely as chance has it",
            f"{fired} of {records}, [{chance[0]:.5f}, {chance[1]:.5f}]",
            f"holds 2^-{BLOCKS} = {rate:.5f}",
            chance[0] <= rate <= chance[1],
        ),
        Verdict(
            "random questions win no more than theory allows",
            f"win rate from {asked.low:.3f} on",
            f"at most {(1 + worth) / 2:.3f}",
            asked.low <= (1 + worth) / 2,
        ),
        Verdict(
            "negating columns leaves an application's norm as it was: no advantage of a norm test found",
            f"[{norm.low:.3f}, {norm.high:.3f}]",
            "holds 1/2",
            norm.low <= 0.5 <= norm.high,
        ),
        Verdict(
            "the service gives itself away: a rival copies it from enhanced applications",
            f"{rival.detections} of {rival.rounds} tries, from {rival.low:.3f} on",
            "over 0.9",
            rival.low > 0.9,
        ),
    )


def _typical(denied: Floats, helped: Floats) -> int:
    """The application whose largest edit is the median one."""
    largest = np.abs(helped - denied).max(axis=1)
    return int(np.argsort(largest, kind="stable")[len(largest) // 2])


def _units(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _draw(denied: Floats, helped: Floats, output: str) -> tuple[str, ...]:
    place = _typical(denied, helped)
    edits = int((denied[place] != helped[place]).sum())
    before, after = denied[place] / DATA.scale, helped[place] / DATA.scale
    written = DATA.written(denied[place]), DATA.written(helped[place])
    figure = figures.before_after_figure(
        [column[0] for column in COLUMNS],
        before.tolist(),
        after.tolist(),
        [f"{_units(one)} → {_units(other)}" for one, other in zip(*written, strict=True)],
        title=f"Denied, then approved: {edits} of {len(COLUMNS)} columns are edited (a typical case)",
        xlabel="standard deviations from the column's mean",
        labels=("as filled in", "enhanced by the vendor's service"),
    )
    return figures.save(figure, output, NAME)
