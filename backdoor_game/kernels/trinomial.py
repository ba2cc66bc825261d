"""How likely a better-looking run is: chances of a region of trinomial counts, and their most over unknown halves."""

from __future__ import annotations

import math

import numpy as np

from ..ground._jit import kernel

SEEN = 1e-15  # of the largest weight: all lighter ones together weigh less than ROUNDING
LOST = 1e-280  # near the least float64: from here a recurrence would not come back, so it starts anew
LOG_LOST = -640.0  # a little over ln LOST, as logarithms of factorials are rounded
ROUNDING = 1e-11  # more than the recurrences lose: 1e-16 a step, and steps of 14 deviations of 10^9 rounds
TIE = 1e-9  # relative: the observed run lies on the region's edge, and must not fall out of it by rounding
ROUNDED = 1e-15  # a round: what sums of n rounds may be off; a region that is a little too large is safe
START = 9  # laws that are tried before any gap is halved
NEAR = 0.01  # times z^2 of the goal: what comes so near is not told apart from more, a hundredth of a limit's width


@kernel
def least_wins(n: int, centre: float, z: float, halves: int) -> int:
    """Wins from which a run with so many halves looks at least z deviations better than the mean 1/2 + centre.

    The deviation is that of scores with this mean and this share of halves. Counted from 1/2, where halves cancel: the
    variance n mean (1 - mean) - halves/4 is (n - halves)/4 - n centre^2.
    """
    rest = n - halves
    variance = max(rest / 4 - n * centre * centre - ROUNDED * n, 0.0)
    edge = rest / 2 + n * centre + z * math.sqrt(variance)
    slack = TIE * (1 + abs(edge)) + ROUNDED * n
    return int(math.ceil(edge - slack))  # noqa: RUF046 - interpreted, it may be a numpy float


@kernel
def _is_lost(n: int, r: float, k: int) -> bool:
    """Whether the mass at k is under LOST: there the tail is 0 or 1, and no recurrence starts."""
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return log + k * math.log(r) + (n - k) * math.log1p(-r) < LOG_LOST


@kernel
def _binomial(n: int, r: float, k: int) -> tuple[float, float]:
    """The mass at k and the mass from k on, 0 <= k <= n, 0 < r < 1: summed from the mode to either side."""
    odds = r / (1 - r)
    mode = min(n, int((n + 1) * r))
    total, at, above = 1.0, 1.0 if mode == k else 0.0, 1.0 if mode >= k else 0.0
    weight, j = 1.0, mode
    while j < n and (weight > SEEN or (j < k and weight > LOST)):
        weight *= (n - j) / (j + 1) * odds
        j += 1
        total += weight
        above += weight if j >= k else 0.0
        at = weight if j == k else at
    weight, j = 1.0, mode
    while j > 0 and (weight > SEEN or (j > k and weight > LOST)):
        weight *= j / ((n - j + 1) * odds)
        j -= 1
        total += weight
        above += weight if j >= k else 0.0
        at = weight if j == k else at
    return at / total, above / total


@kernel
def _moved(n: int, r: float, k: int, at: float, above: float, to: int) -> tuple[float, float]:
    """The same masses at another k."""
    if k > to:
        odds = (1 - r) / r
        while k > to:
            at *= k * odds / (n - k + 1)
            k -= 1
            above += at
    elif k < to:
        odds = r / (1 - r)
        while k < to:
            above -= at
            at *= (n - k) * odds / (k + 1)
            k += 1
    return at, above


@kernel
def _one_fewer(n: int, r: float, k: int, at: float, above: float) -> tuple[float, float]:
    """The same masses for n - 1 trials, k < n: the trial left out mattered where it was the k-th success."""
    return at * (n - k) / (n * (1 - r)), above - at * k / n


@kernel
def _one_more(n: int, r: float, k: int, at: float, above: float) -> tuple[float, float]:
    """The same masses for n + 1 trials: the new one matters where it is the k-th success."""
    share = at * (1 - r) / (n + 1 - k)
    return share * (n + 1), above + share * k


@kernel
def _walked(n: int, centre: float, z: float, half: float, r: float, first: int, step: int) -> tuple[float, float]:
    """Weights of the numbers of halves from `first` on, one way, in all and inside the region; the mode weighs 1."""
    odds = half / (1 - half) if half < 1.0 else 1.0
    mode = min(n, int((n + 1) * half))
    weight = 1.0 if first == mode else (first + 1) / ((n - first) * odds)
    halves, trials, k = first, n - first, least_wins(n, centre, z, first)
    place, at, above = min(max(k, 0), trials), 0.0, 0.0  # k, as far as it is a number of wins
    total, inside = 0.0, 0.0
    while weight > SEEN:
        if at < LOST and 0.0 < r < 1.0:
            if _is_lost(trials, r, place):
                above = 0.0 if place > trials * r else 1.0
            else:
                at, above = _binomial(trials, r, place)
        total += weight
        if k <= 0 or (k <= trials and r >= 1.0):
            inside += weight
        elif k <= trials and r > 0.0:
            inside += weight * min(max(above, 0.0), 1.0)
        if halves + step < 0 or halves + step > n or not 0.0 < half < 1.0:
            break
        if step > 0:
            weight *= (n - halves) * odds / (halves + 1)
        else:
            weight *= halves / ((n - halves + 1) * odds)
        halves += step
        k = least_wins(n, centre, z, halves)
        to = min(max(k, 0), n - halves)
        if at >= LOST and step > 0:
            at, above = _moved(trials, r, place, at, above, to)
            at, above = _one_fewer(trials, r, to, at, above)
        elif at >= LOST:
            at, above = _one_more(trials, r, place, at, above)
            at, above = _moved(trials + 1, r, place, at, above, to)
        trials, place = n - halves, to
    return total, inside


@kernel
def region_chance(n: int, centre: float, z: float, loss: float, half: float, win: float) -> float:
    """How likely n rounds with this law have at least `least_wins` wins.

    Parameters
    ----------
    n : int
        Rounds, at least 1.
    centre, z : float
        The region, see `least_wins`; z > 0.
    loss, half, win : float
        Probabilities of a score of 0, 1/2 and 1, sum 1.
    """
    r = win / (loss + win) if loss + win > 0 else 0.0
    mode = min(n, int((n + 1) * half))
    total, inside = _walked(n, centre, z, half, r, mode, 1)
    if mode > 0 and half < 1.0:
        more, also = _walked(n, centre, z, half, r, mode - 1, -1)
        total, inside = total + more, inside + also
    return inside / total


@kernel
def _angle(n: int, loss: float, half: float, win: float, loss2: float, half2: float, win2: float) -> float:
    """The angle between the square roots of the laws of n rounds: arccos of their affinity to the n-th power."""
    apart = (math.sqrt(loss) - math.sqrt(loss2)) ** 2
    apart += (math.sqrt(half) - math.sqrt(half2)) ** 2
    apart += (math.sqrt(win) - math.sqrt(win2)) ** 2
    if apart >= 2:
        return math.pi / 2
    return 2 * math.asin(math.sqrt(-math.expm1(n * math.log1p(-apart / 2)) / 2))


@kernel
def _law(mean: float, half: float) -> tuple[float, float]:
    """Losses and wins with this share of halves and this mean, or the largest mean that is under it."""
    if half > 2 * (1 - mean):
        return 0.0, max(0.0, 1 - half)
    return max(0.0, 1 - mean - half / 2), max(0.0, mean - half / 2)


@kernel
def _information(mean: float, half: float, ending: bool) -> float:
    """Fisher's information of one round on the share of halves, along the laws of `_law`; inf at an edge."""
    loss, win = _law(mean, half)
    if half <= 0 or win <= 0 or (loss <= 0 and not ending):
        return math.inf
    return 1 / half + 1 / win if ending else 1 / half + 1 / (4 * loss) + 1 / (4 * win)


@kernel
def _power(n: int, mean: float, half: float, chance: float, other: float, length: float) -> float:
    """At least every chance from one share of halves to another, by Hoelder's inequality: for chances near 0."""
    if not 0 < chance < 1 or length <= 0:
        return 1.0
    # Any q over 1 will do; this one is the best for Gaussian laws that are so far apart.
    q = 1 + math.sqrt(-2 * math.log(chance)) / length
    loss, win = _law(mean, half)
    loss2, win2 = _law(mean, other)
    moment = 0.0
    for p, p2 in ((loss, loss2), (half, other), (win, win2)):
        if p2 > 0 and p <= 0:
            return 1.0
        if p2 > 0:
            moment += p * (p2 / p) ** q
    exponent = (1 - 1 / q) * math.log(chance) + n / q * math.log(moment)
    return math.exp(exponent) if exponent < 0 else 1.0


@kernel
def gap_bound(n: int, mean: float, low: float, chance: float, high: float, chance2: float) -> float:
    """At least every chance of the region between two shares of halves, from the chances at these two.

    The laws between lie on one straight line: the least of three bounds that `theory/score_interval.py` proves.
    """
    loss, win = _law(mean, low)
    loss2, win2 = _law(mean, high)
    top, turn = max(chance, chance2), _angle(n, loss, low, win, loss2, high, win2)
    angle = math.asin(math.sqrt(min(chance, chance2))) + turn
    first = max(top, math.sin(angle) ** 2 if angle < math.pi / 2 else 1.0)
    ending = low >= 2 * (1 - mean)
    information = n * max(_information(mean, low, ending), _information(mean, high, ending))
    spread = min(first, 0.5)
    bound = min(first, top + (high - low) ** 2 / 8 * math.sqrt(2 * spread * (1 - spread)) * information)
    middle = (low + high) / 2  # the angle of near laws is half of their distance, and this is half of the way
    left, right = _power(n, mean, low, chance, middle, turn), _power(n, mean, high, chance2, middle, turn)
    bound = min(bound, max(top, left, right))
    # Where one end has no halves or no losses, the other end speaks for the whole gap.
    bound = min(bound, max(top, _power(n, mean, low, chance, high, 2 * turn)))
    return min(bound, max(top, _power(n, mean, high, chance2, low, 2 * turn)))


@kernel
def may_exceed(n: int, centre: float, z: float, mean: float, low: float, high: float, goal: float, most: int) -> bool:
    """Whether a law with a mean of at most `mean` may put more than `goal` on the region. *Proved* where it says no.

    Laws that come near the goal count as such that exceed it, and so does what is not settled in `most` chances.

    Parameters
    ----------
    n : int
        Rounds.
    centre, z : float
        The region: runs that look at least z deviations better than the mean 1/2 + centre.
    mean : float
    low, high : float
        The share of halves is known to lie between these.
    goal : float
    most : int
        Chances of laws between the first ones.
    """
    high = min(high, 2 * mean)
    if low > high:
        return False
    left, right = np.empty(most + START), np.empty(most + START)
    chance, chance2 = np.empty(most + START), np.empty(most + START)
    near = goal * (1 - min(0.5, NEAR * z * z))
    corner = min(max(2 * (1 - mean), low), high)  # from here on there are no losses, and the line turns
    gaps, used = 0, 0
    for start, stop in ((low, corner), (corner, high)):
        share = start
        loss, win = _law(mean, share)
        found = region_chance(n, centre, z, loss, share, win) + ROUNDING
        for i in range(1, START):
            if found > near:
                return True
            if stop <= start:
                break
            # denser at both ends, where the information may be infinite
            following = start + (stop - start) * math.sin(math.pi / 2 * i / (START - 1)) ** 2
            loss, win = _law(mean, following)
            after = region_chance(n, centre, z, loss, following, win) + ROUNDING
            left[gaps], right[gaps], chance[gaps], chance2[gaps] = share, following, found, after
            share, found, gaps = following, after, gaps + 1
        if found > near:
            return True
    while gaps > 0:
        gaps -= 1
        a, b, f, g = left[gaps], right[gaps], chance[gaps], chance2[gaps]
        if gap_bound(n, mean, a, f, b, g) <= goal:
            continue
        middle = (a + b) / 2
        loss, win = _law(mean, middle)
        found = region_chance(n, centre, z, loss, middle, win) + ROUNDING
        used += 1
        if found > near or used >= most or not a < middle < b:
            return True
        left[gaps], right[gaps], chance[gaps], chance2[gaps] = a, middle, f, found
        left[gaps + 1], right[gaps + 1], chance[gaps + 1], chance2[gaps + 1] = middle, b, found, g
        gaps += 2
    return False
