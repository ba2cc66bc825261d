"""Runs every derivation, prints what it verified and exits 1 if anything fails: `python -m theory`."""

from __future__ import annotations

from . import (
    best_replies,
    boltzmann,
    checksums,
    density,
    dimension_one,
    duality,
    exact_play,
    frontier,
    gaussian_pancakes,
    hard_pair,
    learning,
    mechanistic,
    minimax,
    obfuscation,
    reveals,
    score_interval,
    shattering,
    single,
    smoothing,
    spiked_features,
    thresholds,
    trigger_laws,
    variants,
    voting,
)
from .checks import report

PAGES = (
    shattering, voting, single, boltzmann, hard_pair, learning, best_replies, duality, thresholds,
    density, dimension_one, frontier, minimax, variants, trigger_laws, reveals,
    exact_play, obfuscation, mechanistic, gaussian_pancakes, spiked_features, smoothing, checksums,
    score_interval,
)


def main() -> int:
    """Run the derivations one after another, each under its name."""
    failed = 0
    for derivation in PAGES:
        print(f"\n{derivation.__name__}: {(derivation.__doc__ or '').splitlines()[0]}")
        failed += report(derivation.checks())
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
