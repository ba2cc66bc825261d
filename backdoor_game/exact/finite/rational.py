"""Exact values as fractions: vertices of the linear program solved again in rational arithmetic, both sides checked."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground.errors import BackdoorGameError, InvalidArgument
from ...ground.spec import text
from ...spaces.distributions import Distribution
from .legal import LegalGame, legal_counts, support
from .program import pairs, solve_attacker, solve_defender

Row = dict[int, Fraction]
DENOMINATOR = 10**6  # two different such fractions are 1e-12 apart: a float names one of them at most
Indices = npt.NDArray[np.int64]
CLOSE = 1e-15  # some units in the last place of numbers up to 1
COUNTABLE = 2**52  # sums of counts up to twice that are whole in float64
# under the least flag or share of a vertex; a wrong guess proves nothing, and is reported
ACTIVE, USED = 1e-8, 1e-10
EXACT_TRIPLES = 40_000  # 2 s at 6,000, and elimination in fractions grows faster than their number
ONE, ZERO, HALF = Fraction(1), Fraction(0), Fraction(1, 2)  # made once: a fraction costs a microsecond


@dataclasses.dataclass(frozen=True, eq=False)
class Certificate:
    """The value of a game in fractions, with the play that proves it from both sides.

    Attributes
    ----------
    value, epsilon : Fraction
    weights : tuple of Fraction, length N
    originals : tuple of Fraction, length F
    flags : tuple of Fraction, length N F
        Flag probabilities of (x, f) at x F + f.
    """

    value: Fraction
    epsilon: Fraction
    weights: tuple[Fraction, ...]
    originals: tuple[Fraction, ...]
    flags: tuple[Fraction, ...]


def as_fraction(number: float) -> Fraction:
    """What a float stands for: the fraction within 1e-15 with a denominator up to 10^6, else its shortest decimal."""
    simple = Fraction(number).limit_denominator(DENOMINATOR)
    return simple if abs(simple - Fraction(number)) <= CLOSE else Fraction(repr(float(number)))


def exact_weights(distribution: Distribution) -> tuple[Fraction, ...]:
    """D as fractions that sum to 1, in the order of its atoms of positive mass."""
    size = distribution.uniform_size()
    _, weights = support(distribution)
    if size is not None:
        return (Fraction(1, size),) * len(weights)
    found = tuple(as_fraction(weight) for weight in weights)
    if sum(found) != 1:
        raise InvalidArgument(
            f"exact=True needs weights that sum to 1 as fractions, but those of {text(distribution)[:200]} "
            f"sum to 1 {float(sum(found) - 1):+.3g}: type them as fractions such as 1/3, or leave exact=True out"
        )
    return found


def certify(game: LegalGame, distribution: Distribution, epsilon: float) -> Certificate:
    """The exact value of a finite game.

    Raises
    ------
    InvalidArgument
        For more than 40,000 legal triples, or weights that are no fractions.
    BackdoorGameError
        Where the vertices that the linear program names do not prove one value: no number is better than a wrong one.
    """
    check_size(game)
    weights, limit = exact_weights(distribution), as_fraction(epsilon)
    _same_rule(game, weights, limit)
    flags = _cover(game, weights)
    originals, flow = _flow(game)
    lower, upper = _lower(game, weights, flags), _upper(game, weights, originals, flow)
    if lower is None or upper is None or lower != upper:
        between = " and ".join("nothing" if end is None else f"{float(end):.12g}" for end in (lower, upper))
        raise BackdoorGameError(
            f"no exact value was proved: the vertices certify {between}; leave exact=True out for a value with a gap"
        )
    return Certificate(lower, limit, weights, tuple(originals), tuple(flags))


def check_size(game: LegalGame) -> None:
    """Refuse a game that is too large for rational arithmetic."""
    if game.triples > EXACT_TRIPLES:
        raise InvalidArgument(
            f"exact=True solves up to {EXACT_TRIPLES} legal triples (f, f*, x), and this game has {game.triples}: "
            "leave it out for a value with a proved gap"
        )


def _same_rule(game: LegalGame, weights: Sequence[Fraction], epsilon: Fraction) -> None:
    """Refuse a game in which the engine's floats and the fractions disagree on what is legal."""
    scale = math.lcm(*(weight.denominator for weight in weights))
    if scale > COUNTABLE:
        raise InvalidArgument(f"exact=True needs weights with a common denominator up to 2^52, got {scale}")
    whole = np.array([float(weight * scale) for weight in weights])
    counts = legal_counts(game.functions, game.packed, whole, float(math.floor(epsilon * scale)))
    if (np.diff(game.starts) != counts.ravel()).any():
        raise InvalidArgument(
            f"at epsilon {epsilon} a distance lies so close to epsilon that rounding decides what is legal: "
            "type epsilon and the weights as fractions"
        )


def _cover(game: LegalGame, weights: Sequence[Fraction]) -> list[Fraction]:
    """Flag probabilities at a vertex: what is 0, 1, tight on a pair or tight on an f, solved exactly."""
    F, edges = len(game.codes), pairs(game)
    flags = solve_defender(game).ravel()
    cells = np.unique(np.concatenate([game.cells[edges], game.planted[edges]]))
    column = {int(cell): place for place, cell in enumerate(cells)}
    t = len(cells)
    rows: list[Row] = []
    right: list[Fraction] = []
    for cell, place in column.items():
        if flags[cell] < ACTIVE or flags[cell] > 1 - ACTIVE:
            rows.append({place: ONE})
            right.append(ZERO if flags[cell] < ACTIVE else ONE)
    for here, there in zip(game.cells[edges], game.planted[edges], strict=True):
        if abs(flags[here] + flags[there] - 1) < ACTIVE:
            rows.append({column[int(here)]: ONE, column[int(there)]: ONE})
            right.append(ONE)
    sums = (flags.reshape(game.shape) * game.weights[:, None]).sum(axis=0)
    for f in np.flatnonzero(sums > sums.max() - ACTIVE):
        mine = {column[x * F + int(f)]: weights[x] for x in range(len(weights)) if x * F + int(f) in column}
        rows.append({**mine, t: -ONE})
        right.append(ZERO)
    found = exact_near(rows, right, [*flags[cells], float(sums.max())])
    out = [ZERO] * len(flags)
    for cell, place in column.items():
        out[cell] = found[place] if found is not None else -ONE
    return out


def _flow(game: LegalGame) -> tuple[list[Fraction], dict[int, Fraction]]:
    """Weights of the originals and flows of the unordered pairs at a vertex, by triple, solved exactly."""
    F, edges = len(game.codes), pairs(game)
    attack, _ = solve_attacker(game)
    sent = attack.originals[game.cells % F] * attack.plants
    used = [int(k) for k in edges if sent[k] > USED]
    chosen = [int(f) for f in np.flatnonzero(attack.originals > USED)]
    column = {k: place for place, k in enumerate(used)}
    home = {f: len(used) + place for place, f in enumerate(chosen)}
    flows = np.bincount(game.cells, weights=sent, minlength=len(game.starts) - 1)
    at: dict[int, Row] = {}
    for k in used:
        for cell in (int(game.cells[k]), int(game.planted[k])):
            at.setdefault(cell, {})[column[k]] = ONE
    rows: list[Row] = [dict.fromkeys(home.values(), ONE)]
    right = [ONE]
    for cell, row in at.items():
        if abs(flows[cell] - attack.originals[cell % F]) < ACTIVE and cell % F in home:
            rows.append({**row, home[cell % F]: -ONE})
            right.append(ZERO)
    found = exact_near(rows, right, [*sent[used], *attack.originals[chosen]]) or [-ONE] * (len(used) + len(chosen))
    originals = [ZERO] * F
    for f, place in home.items():
        originals[f] = found[place]
    return originals, {k: found[place] for k, place in column.items()}


def _lower(game: LegalGame, weights: Sequence[Fraction], flags: Sequence[Fraction]) -> Fraction | None:
    """What these flag probabilities win at least, by the formula of the guarantee; None where they are none."""
    if min(flags) < 0 or max(flags) > 1:
        return None
    F = len(game.codes)
    best = [ZERO] * len(flags)
    for cell, there in zip(game.cells.tolist(), game.planted.tolist(), strict=True):
        best[cell] = max(best[cell], 1 - flags[there])
    each = [HALF * sum(D * (flags[x * F + f] + best[x * F + f]) for x, D in enumerate(weights)) for f in range(F)]
    return 1 - max(each)


def _upper(
    game: LegalGame, weights: Sequence[Fraction], originals: Sequence[Fraction], flow: dict[int, Fraction]
) -> Fraction | None:
    """What any defender wins at most against this attacker, 1 - 1/2 sum min(P0, P1); None where it is no attacker."""
    F = len(game.codes)
    if min([*originals, *flow.values()]) < 0 or sum(originals) != 1:
        return None
    shown = [ZERO] * (len(weights) * F)
    for k, share in flow.items():
        shown[int(game.cells[k])] += share
        shown[int(game.planted[k])] += share
    if any(share > originals[cell % F] for cell, share in enumerate(shown)):
        return None
    least = (weights[cell // F] * min(share, originals[cell % F]) for cell, share in enumerate(shown))
    return 1 - HALF * sum(least, ZERO)


def exact_near(rows: Sequence[Row], right: Sequence[Fraction], near: Sequence[float]) -> list[Fraction] | None:
    """x with rows x = right, its free coordinates rounded from `near`; None where the system has no solution.

    Parameters
    ----------
    rows : sequence of {column: coefficient}
    right : sequence of Fraction
    near : sequence of float, one for each unknown
    """
    from sympy import QQ
    from sympy.polys.matrices import DomainMatrix

    k = len(near)
    entries: dict[int, dict[int, Any]] = {}
    for place, (row, value) in enumerate(zip(rows, right, strict=True)):
        whole = {**row, k: value} if value else row
        entries[place] = {column: QQ(v.numerator, v.denominator) for column, v in whole.items() if v}
    reduced, pivots = DomainMatrix({i: row for i, row in entries.items() if row}, (len(rows), k + 1), QQ).rref()
    if k in pivots:
        return None
    free = set(range(k)) - set(pivots)
    x = [Fraction(near[j]).limit_denominator(DENOMINATOR) if j in free else Fraction(0) for j in range(k)]
    solved = reduced.to_dod()
    for place, pivot in enumerate(pivots):
        row = {column: Fraction(int(v.numerator), int(v.denominator)) for column, v in solved[place].items()}
        x[pivot] = row.get(k, Fraction(0)) - sum(v * x[j] for j, v in row.items() if j in free)
    return x
