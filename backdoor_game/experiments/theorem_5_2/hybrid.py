"""The middle step of the proof of Theorem 5.2: one function, punctured or not."""

from __future__ import annotations

import dataclasses

from ...circuits.games import PuncturedHybrid
from ...circuits.obfuscators import Canonical, Identity, Obfuscator
from ...circuits.players import PuncturedPRFAttacker, StructuralDefender
from ...games.base import Streams
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...ground.spec import text
from ...players.defenders import Defender, HammingSmoothing
from ..shared.base import Settings, Table, Verdict
from ..shared.cells import blind
from .matches import BITS, circuits

CELLS: tuple[tuple[Obfuscator, Defender], ...] = (
    (Canonical(), StructuralDefender()),
    (Canonical(), HammingSmoothing()),  # flags by coins, where the one above finds nothing to flag
    (Identity(), StructuralDefender()),
)
Cell = tuple[str, str]  # specs of the obfuscator and of the defender
KEY_BITS = BITS + 1
COMPARED = 512  # rounds whose codes are laid side by side, and whose answers are
OPEN = 0.99  # nearly always, which leaves room for an interval


@dataclasses.dataclass(frozen=True)
class Alike:
    """Of so many rounds, in how many both branches show one code, and in how many the defender's answers agree."""

    rounds: int
    codes: int
    answers: int


def cells(settings: Settings) -> dict[Cell, Match]:
    """Who reads gates and who asks around x*, where the two branches are one function."""
    found = {}
    for obfuscator, defender in CELLS:
        game, attacker = PuncturedHybrid(circuits(KEY_BITS, obfuscator)), PuncturedPRFAttacker(KEY_BITS, obfuscator)
        match = Match(game, attacker, defender, 16_384 if settings.full else 1_536)
        found[text(obfuscator), text(defender)] = match
    return found


def alike(match: Match, seed: int) -> Alike:
    """The first rounds of a match, branch beside branch."""
    run, streams = match.game.ready(match.attacker, match.defender), Streams(seed, match.game)
    f, punctured, _ = match.game.shown(run, streams, range(COMPARED))
    suspicion = run.play(streams, range(COMPARED))[0].suspicion
    return Alike(COMPARED, int((f == punctured).all(axis=1).sum()), int((suspicion[0] == suspicion[1]).sum()))


def table(found: dict[Cell, Estimate], compared: dict[Cell, Alike]) -> Table:
    """Both obfuscators."""
    rows = []
    for key, one in found.items():
        same = compared[key]
        shown = f"{same.codes} of {same.rounds}", f"{same.answers} of {same.rounds}"
        rates = f"{one.win_rate:.4f}", f"[{one.low:.4f}, {one.high:.4f}]"
        rows.append((*key, *shown, str(one.false_alarms), str(one.detections), *rates, blind(one)))
    header = (
        "obfuscator",
        "defender",
        "equal codes",
        "equal answers",
        "false alarms",
        "detections",
        "win rate",
        "interval",
        "blind",
    )
    title = f"PuncturedHybrid: (f, x*) or (f's key punctured at x*, right answer; x*), kappa = {KEY_BITS}, n = {BITS}"
    return Table(title, header, tuple(rows))


def verdicts(found: dict[Cell, Estimate], compared: dict[Cell, Alike]) -> tuple[Verdict, ...]:
    """One code under the canonical form; an open comparator without."""
    hidden = [key for key in found if key[0] == text(Canonical())]
    codes, answers = sum(compared[key].codes for key in hidden), sum(compared[key].answers for key in hidden)
    rounds = sum(compared[key].rounds for key in hidden)
    counts = [(found[key].false_alarms, found[key].detections) for key in hidden]
    low = min(one.low for key, one in found.items() if key[0] == text(Identity()))
    return (
        Verdict(
            "the middle step under the canonical form: both branches show one code and get one answer in every round",
            f"{codes} codes, {answers} answers; alarms and detections {', '.join(f'{a} and {d}' for a, d in counts)}",
            f"{rounds}; as many",
            bool(hidden) and codes == answers == rounds and all(alarms == caught for alarms, caught in counts),
        ),
        Verdict(
            "without obfuscation the middle step is told by its gates",
            f"lower end {low:.4f}",
            f">= {OPEN}",
            low >= OPEN,
        ),
    )
