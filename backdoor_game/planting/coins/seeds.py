"""From a seed of 32 bytes to the coins of a training: a function that anyone can compute again, bit for bit."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...ground.errors import InvalidArgument
from ...ground.streams import Words, draws, mix64, unit

Ratio = tuple[Sequence[float], Sequence[float]]
SERIES = 11  # terms of 2 artanh(s) for |s| < 0.1716: the next one is under 1e-18
# [Wichura88]: numerator and denominator of each range, highest power first.
CENTRE: Ratio = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)  # fmt: skip
MIDDLE: Ratio = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
)  # fmt: skip
TAIL: Ratio = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip
SEED_BYTES = 32  # nobody tries 2^256 seeds; as long as the hash that it goes through


def new_seed(rng: np.random.Generator) -> bytes:
    """A seed as a verifier publishes it."""
    return rng.bytes(SEED_BYTES)


def seed_words(seed: bytes, count: int) -> Words:
    """Words 0 .. count - 1 of a seed's stream, shape (count,).

    The four words k of SHA-256(seed) go one after another into the package's counter hash:
    mix64(mix64(mix64(mix64(k0 + (i + 1) GOLD) + k1) + k2) + k3). SHA-256 in front leaves whoever picks the seed no
    better way than to try one after another; the rest is a good hash and no cryptographic one.

    Raises
    ------
    InvalidArgument
        For a seed of another length.
    """
    if not isinstance(seed, bytes) or len(seed) != SEED_BYTES:
        got = f"{len(seed)} bytes" if isinstance(seed, bytes) else type(seed).__name__
        raise InvalidArgument(f"seed must be {SEED_BYTES} bytes, got {got}: new_seed(rng) draws one")
    keys = np.frombuffer(hashlib.sha256(seed).digest(), dtype="<u8").astype(np.uint64)
    words = draws(keys[:1], 0, count)[0]
    for key in keys[1:]:
        words = mix64(words + key)
    return np.asarray(words)


def coins_of(functions: Any, words: Words) -> Floats:
    """What uniform words (K,) are as coins (K,) of a trainable class: quantiles of N(0, 1), then of U[0, 1)."""
    normal, uniform = functions.coin_laws
    if words.shape != (normal + uniform,):
        raise InvalidArgument(f"words must have shape ({normal + uniform},), got {words.shape}")
    chances = unit(words)
    coins = np.concatenate([normal_quantile(chances[:normal]), chances[normal:]])
    return np.asarray(coins.astype(functions.dtype).astype(np.float64))


def words_of(functions: Any, coins: Floats) -> Words:
    """Words (K,) whose `coins_of` are these coins up to rounding of their chances: how chosen coins are smuggled in."""
    from scipy.special import ndtr

    normal, _ = functions.coin_laws
    chances = np.concatenate([ndtr(coins[:normal]), coins[normal:]])
    places = np.clip(np.floor(chances * 2.0**52), 0, 2.0**52 - 1)
    return places.astype(np.uint64) << np.uint64(12)


def expand(seed: bytes, functions: Any) -> Floats:
    """Honest coins (K,) of a trainable class from a seed of 32 bytes, the same on every machine.

    Parameters
    ----------
    seed : bytes
    functions : Trainable
        One that knows its `coin_laws`.
    """
    return coins_of(functions, seed_words(seed, sum(functions.coin_laws)))


def normal_quantile(p: npt.ArrayLike) -> Floats:
    """The z with Phi(z) = p, elementwise, to about 1e-15 of its value [Wichura88].

    Additions, products, quotients and square roots alone, each correctly rounded by IEEE 754: two machines agree on
    every bit, which library logarithms do not promise.

    Parameters
    ----------
    p : array of float
        Strictly between 0 and 1, normal numbers.

    Raises
    ------
    InvalidArgument
    """
    chance = np.asarray(p, np.float64)
    if not ((chance > 0) & (chance < 1)).all():
        wrong = chance[~((chance > 0) & (chance < 1))]
        raise InvalidArgument(f"p must lie strictly between 0 and 1, got {wrong[0]}")
    q = chance - 0.5
    # Ranges and shifts are those of [Wichura88]: 0.180625 is 0.425^2, and r = 5 is p = e^-25.
    found = np.asarray(q * _ratio(CENTRE, 0.180625 - q * q))
    outside = np.abs(q) > 0.425
    low = q[outside] < 0
    r = np.sqrt(-_logarithm(np.where(low, chance[outside], 1 - chance[outside])))
    z = np.where(r <= 5, _ratio(MIDDLE, r - 1.6), _ratio(TAIL, r - 5))
    found[outside] = np.where(low, -z, z)
    return found


def _ratio(ratio: Ratio, r: Floats) -> Floats:
    above, below = (np.full(r.shape, coefficients[0]) for coefficients in ratio)
    for a, b in zip(ratio[0][1:], ratio[1][1:], strict=True):
        above, below = above * r + a, below * r + b
    return np.asarray(above / below)


def _logarithm(x: Floats) -> Floats:
    """ln x of positive normal numbers: x = 2^e m with m in [sqrt(1/2), sqrt 2), and ln m = 2 artanh((m-1)/(m+1))."""
    m, e = np.frexp(x)
    small = m < math.sqrt(0.5)
    m, e = np.where(small, 2 * m, m), e - small
    s = (m - 1) / (m + 1)
    square, series = s * s, np.zeros(x.shape)
    # artanh s = s (1 + s^2/3 + s^4/5 + ..), by Horner from the last term
    for power in range(2 * SERIES - 1, 0, -2):
        series = series * square + 1 / power
    return np.asarray(e * math.log(2) + 2 * s * series)
