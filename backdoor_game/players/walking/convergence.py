"""Have several chains forgotten where they started, and how many independent draws are they worth [Vehtari21]."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...ground.errors import InvalidArgument

Floats = npt.NDArray[np.float64]
FEWEST = 8  # four draws a half: two pairs of autocorrelations


def split_rhat(chains: Floats) -> Floats:
    """The rank-normalised split R-hat, the larger of its bulk and its folded form [Vehtari21].

    The classic R-hat [GelmanRubin92] compares the variance of all draws with that within chains; here each chain
    is cut in two halves (so that a drift shows) and draws are replaced by normal scores of their ranks.

    Parameters
    ----------
    chains : ndarray, shape (..., chains, draws)

    Returns
    -------
    ndarray, shape (...)
        Near 1 where the chains agree, inf where each half stands still but not all at the same value, and nan where
        no draw differs from any other, which says nothing.

    Raises
    ------
    InvalidArgument
        With fewer than 8 draws a chain.
    """
    halves = _halves(chains)
    middle = np.median(halves, axis=(-2, -1), keepdims=True)
    bulk, folded = (_classic(_scores(values)) for values in (halves, np.abs(halves - middle)))
    return np.fmax(bulk, folded)


def effective_size(chains: Floats) -> Floats:
    """How many independent draws estimate the mean of the ranks as well: the bulk effective sample size [Vehtari21].

    From the autocorrelations of all chains together, halves counted as chains and draws replaced by normal scores:
    pairs of them are summed up to where they stop being positive, and made to fall [Geyer92].

    Parameters
    ----------
    chains : ndarray, shape (..., chains, draws)

    Returns
    -------
    ndarray, shape (...)
        At most N log10(N) for N draws in all; nan where no draw differs from any other.

    Raises
    ------
    InvalidArgument
        With fewer than 8 draws a chain.
    """
    values = _scores(_halves(chains))
    m, n = values.shape[-2:]
    covariance = _autocovariance(values)
    within = covariance[..., 0].mean(axis=-1) * n / (n - 1)
    total = within * (n - 1) / n + values.mean(axis=-1).var(axis=-1, ddof=1)
    total = np.where(np.ptp(values, axis=(-2, -1)) == 0, 0.0, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = 1 - (within[..., None] - covariance.mean(axis=-2) * n / (n - 1)) / total[..., None]
    rho[..., 0] = np.where(total > 0, 1.0, np.nan)
    pairs = rho[..., : n // 2 * 2].reshape(*rho.shape[:-1], n // 2, 2).sum(axis=-1)
    positive = np.logical_and.accumulate(pairs > 0, axis=-1)
    falling = np.minimum.accumulate(np.where(positive, pairs, 0.0), axis=-1)
    # antithetic chains must not promise more than N log10 N [Vehtari21]
    time = np.maximum(2 * falling.sum(axis=-1) - 1, 1 / np.log10(m * n))
    return np.where(total > 0, m * n / time, np.nan)


def _halves(chains: Floats) -> Floats:
    """Each chain's first and last half as chains of their own."""
    chains = np.asarray(chains, dtype=np.float64)
    draws = chains.shape[-1]
    if draws < FEWEST:
        raise InvalidArgument(f"{draws} draws a chain are too few to tell: take at least {FEWEST}")
    half = draws // 2
    return np.concatenate([chains[..., :half], chains[..., draws - half :]], axis=-2)


def _scores(values: Floats) -> Floats:
    """Normal scores of the ranks among all chains together, equal values sharing their mean rank."""
    from scipy.special import ndtri

    flat = values.reshape(-1, values.shape[-2] * values.shape[-1])
    size = flat.shape[1]
    ranks = np.empty(flat.shape)
    for row, out in zip(flat, ranks, strict=True):
        _, place, counts = np.unique(row, return_inverse=True, return_counts=True)
        out[:] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    # Blom's positions, as [Vehtari21] has them
    scores: Floats = ndtri((ranks - 3 / 8) / (size + 1 / 4))
    return scores.reshape(values.shape)


def _classic(values: Floats) -> Floats:
    """sqrt(((n - 1) / n W + B / n) / W) of chains (..., m, n)."""
    n = values.shape[-1]
    still = np.ptp(values, axis=-1).max(axis=-1) == 0  # rounding may leave a constant chain a variance
    within = np.where(still, 0.0, values.var(axis=-1, ddof=1).mean(axis=-1))
    apart = np.where(np.ptp(values, axis=(-2, -1)) == 0, 0.0, values.mean(axis=-1).var(axis=-1, ddof=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt((n - 1) / n + apart / within))


def _autocovariance(values: Floats) -> Floats:
    """Biased autocovariances of each chain at lags 0 .. n-1, by the Fourier transform."""
    n = values.shape[-1]
    centred = values - values.mean(axis=-1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * n, axis=-1)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, 2 * n, axis=-1)[..., :n] / n)
