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
from ...ground.fractions import CLOSE, DENOMINATOR, as_fraction
from ...ground.showing import fields
from ...ground.spec import text
from ...spaces.distributions import Distribution
from .legal import LegalGame, legal_counts, support
from .refining import Refined, refined

Row = dict[int, Fraction]
Indices = npt.NDArray[np.int64]
SUMMED = 10**12  # different multiples of 1/SUMMED are a thousand times as far apart as a float lies from what it names
COUNTABLE = 2**52  # sums of counts up to twice that are whole in float64
# Under the least flag or share of a vertex where it is known as the solver knows it, and times its error where it is
# known better; a wrong guess proves nothing, and a finer one is tried.
ACTIVE, FINER = Fraction(1, 10**8), 1000
REFINEMENTS = 6  # to 1e-30 or so, under what weights of 1e-8 make of a vertex
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

    __repr__ = fields


def exact_weights(distribution: Distribution) -> tuple[Fraction, ...]:
    """D as fractions that sum to 1, in the order of its atoms of positive mass."""
    found = weight_fractions(distribution)
    if sum(found) != 1:
        raise InvalidArgument(
            f"exact=True needs weights that sum to 1 as fractions, but those of {text(distribution)[:200]} "
            f"sum to 1 {float(sum(found) - 1):+.3g}: type them as fractions such as 1/3, or leave exact=True out"
        )
    return found


def weight_fractions(distribution: Distribution) -> tuple[Fraction, ...]:
    """What the weights of `support` stand for, by what D says of its atoms where that is the same."""
    points, weights = support(distribution)
    listed, told = distribution.atoms(), distribution.fractions()
    if listed is not None and told is not None and len(told) == len(listed[1]):
        merged: dict[bytes, Fraction] = {}
        for point, weight in zip(np.ascontiguousarray(listed[0]), told, strict=True):
            merged[point.tobytes()] = merged.get(point.tobytes(), ZERO) + weight
        found = tuple(merged[point.tobytes()] for point in np.ascontiguousarray(points))
        # 1e-12: products of floats are off by less
        if all(abs(float(one) - weight) <= 1e-12 * weight for one, weight in zip(found, weights, strict=True)):
            return found
    return tuple(as_fraction(weight) for weight in weights)


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
    weights = exact_weights(distribution)
    limit = exact_limit(epsilon, weights)
    _same_rule(game, weights, limit)
    lower = upper = None
    try:
        for turn, near in enumerate(refined(game, weights, REFINEMENTS)):
            active = max(ACTIVE if turn == 0 else ZERO, FINER * near.error)
            flags = _cover(game, weights, near, active)
            originals, flow = _flow(game, near, active)
            lower, upper = _lower(game, weights, flags), _upper(game, weights, originals, flow)
            if lower is not None and lower == upper:
                return Certificate(lower, limit, weights, tuple(originals), tuple(flags))
        why = "the vertices certify " + " and ".join(map(_shown, (lower, upper)))
    except BackdoorGameError as error:
        why = str(error)
    raise BackdoorGameError(f"no exact value was proved: {why}; leave exact=True out for a value with a gap")


def exact_limit(epsilon: float, weights: Sequence[Fraction]) -> Fraction:
    """What epsilon stands for: the simplest fraction close to it, else a sum of such weights, else its decimal.

    Distances are whole multiples of one over the weights' common denominator, and a sum of ninths and elevenths of
    1e-6 has more digits than a simple fraction.
    """
    simple, scale = as_fraction(epsilon), math.lcm(*(weight.denominator for weight in weights))
    if simple.denominator <= DENOMINATOR or scale > SUMMED:
        return simple
    near = Fraction(round(Fraction(epsilon) * scale), scale)
    return near if abs(near - Fraction(epsilon)) <= CLOSE * Fraction(epsilon) else simple


def _shown(end: Fraction | None) -> str:
    return "nothing" if end is None else f"{float(end):.12g}"


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


def _cover(game: LegalGame, weights: Sequence[Fraction], near: Refined, active: Fraction) -> list[Fraction]:
    """Flag probabilities at a vertex: what is 0, tight on a pair or tight on an f, solved exactly."""
    F, t = len(game.codes), len(near.cells)
    column = {int(cell): place for place, cell in enumerate(near.cells)}
    rows: list[Row] = [{place: ONE} for place, flag in enumerate(near.flags) if flag < active]
    right = [ZERO] * len(rows)
    for here, there, over in zip(game.cells[near.edges], game.planted[near.edges], near.uncovered, strict=True):
        if over < active:
            rows.append({column[int(here)]: ONE, column[int(there)]: ONE})
            right.append(ONE)
    for f, spare in enumerate(near.spare):
        if spare < active:
            mine = {column[x * F + f]: weights[x] for x in range(len(weights)) if x * F + f in column}
            rows.append({**mine, t: -ONE})
            right.append(ZERO)
    found = exact_near(rows, right, [*near.flags, near.most], active)
    out = [ZERO] * (len(game.starts) - 1)
    for cell, place in column.items():
        out[cell] = min(found[place], ONE) if found is not None else -ONE
    return out


def _flow(game: LegalGame, near: Refined, active: Fraction) -> tuple[list[Fraction], dict[int, Fraction]]:
    """Weights of the originals and flows of the unordered pairs at a vertex, by triple, solved exactly."""
    F = len(game.codes)
    sent = {int(k): share for k, share in zip(near.edges, near.flows, strict=True) if share > active}
    chosen = [f for f, share in enumerate(near.originals) if share > active]
    column = {k: place for place, k in enumerate(sent)}
    home = {f: len(sent) + place for place, f in enumerate(chosen)}
    at: dict[int, Row] = {}
    for k in sent:
        for cell in (int(game.cells[k]), int(game.planted[k])):
            at.setdefault(cell, {})[column[k]] = ONE
    rows: list[Row] = [dict.fromkeys(home.values(), ONE)]
    right = [ONE]
    for cell, unused in zip(near.cells.tolist(), near.unused, strict=True):
        if unused < active and cell in at and cell % F in home:
            rows.append({**at[cell], home[cell % F]: -ONE})
            right.append(ZERO)
    guess = [*sent.values(), *(near.originals[f] for f in chosen)]
    found = exact_near(rows, right, guess, active) or [-ONE] * len(guess)
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


def exact_near(
    rows: Sequence[Row], right: Sequence[Fraction], near: Sequence[Fraction], active: Fraction
) -> list[Fraction] | None:
    """x with rows x = right, its free coordinates those of `near`; None where the system has no solution.

    Parameters
    ----------
    rows : sequence of {column: coefficient}
    right : sequence of Fraction
    near : sequence of Fraction, one for each unknown
    active : Fraction
        Of which no free coordinate moves more when it is rounded to a simple fraction.
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
    x = [_rounded(near[j], active) if j in free else ZERO for j in range(k)]
    solved = reduced.to_dod()
    for place, pivot in enumerate(pivots):
        row = {column: Fraction(int(v.numerator), int(v.denominator)) for column, v in solved[place].items()}
        x[pivot] = row.get(k, Fraction(0)) - sum(v * x[j] for j, v in row.items() if j in free)
    return x


def _rounded(number: Fraction, active: Fraction) -> Fraction:
    simple = number.limit_denominator(DENOMINATOR)
    return simple if abs(simple - number) <= active else number
