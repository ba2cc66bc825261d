"""Theorem 5.2: an obfuscated pseudorandom function, punctured at the trigger, against uniform defenders."""

from __future__ import annotations

import dataclasses

from ... import bounds
from ...circuits.obfuscators import Canonical, Identity, Rewriting
from ...circuits.players import KeySearch, StructuralDefender
from ...circuits.puncturable.searching import search_advantage
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...players.defenders import CoinFlip, Defender, DistillationEnsemble, HammingSmoothing, NeighbourVote
from ...players.learners import Memorizer
from ..shared.base import Report, Settings, Table, Verdict
from ..shared.cells import blind, measure, point
from . import advice, hybrid
from .exact import enumerated_rates
from .figures import draw_polynomial, draw_rewriting, draw_searches
from .matches import BITS, cell, game

NAME = "theorem-5.2"
TITLE = (
    "Theorem 5.2: obfuscation defeats every efficient uniform defender (small generator, canonical form) [simulated]"
)
KEY_BITS = tuple(range(BITS + 1, 17))  # from n + 1, below which keys have parities in common; all can be tried
SHARES = (8, 4, 2, 1)  # of the keys one in so many is searched
POLYNOMIAL: dict[str, Defender] = {
    "distillation": DistillationEnsemble(learner=Memorizer(), members=5, examples=64, threshold=0.5),
    "smoothing, 1 bit": HammingSmoothing(),
    "smoothing, 2 bits": HammingSmoothing(flip=0.25, samples=63),
    "neighbour vote": NeighbourVote(neighbours=9, examples=128),
    "structural": StructuralDefender(),
    "coin flip": CoinFlip(),
}
EXACT = ("smoothing, 1 bit", "structural")
EXACT_KEY_BITS = 9  # 2^9 originals and 2^8 triggers can be enumerated
REWRITTEN_KEY_BITS, ROOM = 4, 4  # small circuits, and four times their gates, so that random rewrites get anywhere
REWRITES = (0, 1, 2, 3, 4, 6, 8)  # rounds, in finer steps at first


@dataclasses.dataclass(frozen=True)
class PuncturedPlan:
    """All cells of the experiment, each part under what it varies."""

    searches: dict[tuple[int, int], Match]
    polynomial: dict[tuple[str, int], Match]
    identity: Match
    rewriting: dict[int, Match]
    parities: dict[advice.Cell, Match]
    middle: dict[hybrid.Cell, Match]

    def cells(self) -> list[Match]:
        """Every cell, in the order in which they are measured."""
        first = [*self.searches.values(), *self.polynomial.values(), self.identity, *self.rewriting.values()]
        return [*first, *self.parities.values(), *self.middle.values()]


def plan(settings: Settings) -> PuncturedPlan:
    """Quick: fewer rounds a cell, other defenders on a third of the key lengths."""
    searched, rounds, few = (65_536, 65_536, 4_096) if settings.full else (4_096, 10_240, 1_536)
    lengths = KEY_BITS if settings.full else KEY_BITS[::3]
    return PuncturedPlan(
        {(k, s): cell(k, Canonical(), KeySearch(2**k // s, k), searched) for k in KEY_BITS for s in SHARES},
        {(name, k): cell(k, Canonical(), d, rounds) for name, d in POLYNOMIAL.items() for k in lengths},
        cell(EXACT_KEY_BITS, Identity(), StructuralDefender(), few),
        {
            r: cell(REWRITTEN_KEY_BITS, Rewriting(rounds=r), StructuralDefender(), few // 2, ROOM)
            for r in (REWRITES if not settings.full else (*REWRITES, 12, 16))
        },
        advice.cells(settings),
        hybrid.cells(settings),
    )


@dataclasses.dataclass(frozen=True)
class Punctured:
    """What was measured and enumerated of a plan."""

    searches: dict[tuple[int, int], Estimate]
    polynomial: dict[tuple[str, int], Estimate]
    identity: Estimate
    rewriting: dict[int, Estimate]
    parities: dict[advice.Cell, Estimate]
    middle: dict[hybrid.Cell, Estimate]
    exact: dict[tuple[int, int], float]
    exact_rates: dict[str, float]
    exact_parities: dict[advice.Cell, float]
    alike: dict[hybrid.Cell, hybrid.Alike]

    def advantage(self, key_bits: int, share: int) -> tuple[float, float, float]:
        """2 win - 1 of a search, with its interval."""
        one = self.searches[key_bits, share]
        return 2 * one.win_rate - 1, 2 * one.low - 1, 2 * one.high - 1


def run(settings: Settings) -> Report:
    """Search keys, play everybody else, read the gates of what was not obfuscated, and count exactly what can be."""
    planned = plan(settings)
    found = _measured(planned, settings)
    tables = (_search_table(found), _polynomial_table(found), _reading_table(found))
    parities, middle = advice.table(found.parities, found.exact_parities), hybrid.table(found.middle, found.alike)
    files = draw_searches(NAME, {key: found.advantage(*key) for key in found.searches}, settings.output)
    files += draw_polynomial(NAME, found.polynomial, settings.output)
    files += draw_rewriting(NAME, found.rewriting, settings.output, key_bits=REWRITTEN_KEY_BITS, room=ROOM)
    verdicts = (
        *_verdicts(found),
        *advice.verdicts(found.parities, found.exact_parities, KEY_BITS),
        *hybrid.verdicts(found.middle, found.alike),
    )
    return Report(NAME, TITLE, (*tables, parities, middle), verdicts, _points(planned, found), files)


def _measured(planned: PuncturedPlan, settings: Settings) -> Punctured:
    """Every cell measured, and what can be counted exactly beside it."""
    results = iter(measure(planned.cells(), settings))
    rates = enumerated_rates(game(EXACT_KEY_BITS, Canonical()), EXACT_KEY_BITS, [POLYNOMIAL[name] for name in EXACT])
    return Punctured(
        {key: next(results) for key in planned.searches},
        {key: next(results) for key in planned.polynomial},
        next(results),
        {key: next(results) for key in planned.rewriting},
        {key: next(results) for key in planned.parities},
        {key: next(results) for key in planned.middle},
        {(k, s): float(search_advantage(k, BITS, 2**k // s)) for k, s in planned.searches},
        dict(zip(EXACT, rates, strict=True)),
        advice.exact(),
        {key: hybrid.alike(match, settings.seed) for key, match in planned.middle.items()},
    )


def _points(planned: PuncturedPlan, found: Punctured) -> dict[str, list[dict[str, object]]]:
    """What the JSON keeps."""
    rates = {(name, EXACT_KEY_BITS): rate for name, rate in found.exact_rates.items()}
    return {
        "searches": [
            point(c, found.searches[key], share=1 / key[1], exact_advantage=found.exact[key])
            for key, c in planned.searches.items()
        ],
        "polynomial": [
            point(c, found.polynomial[key], exact_win_rate=rates.get(key)) for key, c in planned.polynomial.items()
        ],
        "identity": [point(planned.identity, found.identity)],
        "rewriting": [point(c, found.rewriting[r], rewrites=r) for r, c in planned.rewriting.items()],
        "parities": [
            point(c, found.parities[key], exact_win_rate=found.exact_parities.get(key), covered=advice.weight(key))
            for key, c in planned.parities.items()
        ],
        "hybrid": [
            point(c, found.middle[key], equal_codes=found.alike[key].codes, compared=found.alike[key].rounds)
            for key, c in planned.middle.items()
        ],
    }


def _search_table(found: Punctured) -> Table:
    rows = []
    for k in KEY_BITS:
        for s in SHARES:
            value, low, high = found.advantage(k, s)
            ideal = bounds.key_search_advantage(k, BITS, 2**k // s)
            shown = f"{found.exact[k, s]:.6f}", f"{ideal:.6f}", f"{value:.4f}", f"[{low:.4f}, {high:.4f}]"
            rows.append((str(k), str(2**k // s), f"{1 / s:.3f}", *shown))
    header = ("kappa", "keys tried q", "q / 2^kappa", "enumerated", "ideal function", "measured 2 win - 1", "interval")
    return Table("advantage of KeySearch(q) under Canonical(), k fresh every round", header, tuple(rows))


def _polynomial_table(found: Punctured) -> Table:
    rows = []
    for (name, k), one in found.polynomial.items():
        exact = f"{found.exact_rates[name]:.4f}" if k == EXACT_KEY_BITS and name in EXACT else "-"
        rates = f"{one.win_rate:.4f}", f"[{one.low:.4f}, {one.high:.4f}]"
        used = f"{one.examples_per_round:.0f}", f"{one.evaluations_per_round:.0f}"
        rows.append((name, str(k), *rates, blind(one), exact, *used))
    header = ("defender", "kappa", "win rate", "interval", "blind", "enumerated", "examples", "evaluations")
    return Table("everybody else under Canonical(): used in a round, both branches", header, tuple(rows))


def _reading_table(found: Punctured) -> Table:
    named = [("Identity()", EXACT_KEY_BITS, found.identity)]
    named += [(f"Rewriting({r})", REWRITTEN_KEY_BITS, one) for r, one in found.rewriting.items()]
    rows = [
        (name, str(k), f"{one.win_rate:.4f}", f"[{one.low:.4f}, {one.high:.4f}]", blind(one)) for name, k, one in named
    ]
    title = "StructuralDefender() where the gates are not hidden, and under random rewrites [heuristic: no verdict]"
    return Table(title, ("obfuscator", "kappa", "win rate", "interval", "blind"), tuple(rows))


def _verdicts(found: Punctured) -> tuple[Verdict, ...]:
    off = {key: found.advantage(*key)[0] - 1 / key[1] for key in found.searches}
    inside = [found.advantage(k, s)[1] <= 1 / s <= found.advantage(k, s)[2] for k, s in found.searches]
    gap = max(abs(exact - 1 / s) for (_, s), exact in found.exact.items())
    blind = [one.low <= 0.5 <= one.high for one in found.polynomial.values()]
    shift = max(abs(one.win_rate - 0.5) for one in found.polynomial.values())
    width = max(one.high - one.low for one in found.polynomial.values()) / 2
    low = found.identity.low
    return (
        Verdict(
            "every interval of a search's advantage contains q/2^kappa",
            f"{sum(inside)} of {len(inside)}, furthest {max(map(abs, off.values())):.4f}",
            "all",
            all(inside),
        ),
        Verdict("the enumerated advantage is q/2^kappa", f"largest difference {gap:.1e}", "1e-6", gap <= 1e-6),
        Verdict(
            "every other defender's interval under the canonical form contains 1/2",
            f"{sum(blind)} of {len(blind)}, furthest {shift:.4f}, half widths up to {width:.4f}",
            "all",
            all(blind),
        ),
        Verdict(
            "who reads gates that nobody hid wins", f"lower end {low:.4f}", f">= {hybrid.OPEN}", low >= hybrid.OPEN
        ),
    )
