"""The pictures of Theorem 5.2."""

from __future__ import annotations

from ... import figures
from ...games.measuring.records import Estimate
from ..shared.cells import BARS

Triple = tuple[float, float, float]
Files = tuple[str, ...]


def draw_searches(name: str, advantages: dict[tuple[int, int], Triple], folder: str) -> Files:
    """What q keys are worth at three key lengths, and how far every length is from q / 2^kappa."""
    lengths = sorted({k for k, _ in advantages})
    series = []
    for k in (lengths[0], lengths[len(lengths) // 2], lengths[-1]):
        rows = [(1 / s, *found) for (length, s), found in advantages.items() if length == k]
        series.append(figures.Series(f"κ = {k}", *zip(*rows, strict=True)))
    first = figures.curve_figure(
        series,
        [figures.Line("q / 2^κ", [0.0, 1.0], [0.0, 1.0])],
        title="Theorem 5.2: what trying q keys is worth (n = 8)",
        xlabel="q / 2^κ, keys tried as a share of all keys",
        ylabel="advantage, 2 win − 1 (probability)",
        interval=BARS,
        y_range=(0.0, 1.05),
        dodge=False,
    )
    series = []
    for share in sorted({s for _, s in advantages}):
        rows = [
            (k, value - 1 / s, low - 1 / s, high - 1 / s)
            for (k, s), (value, low, high) in advantages.items()
            if s == share
        ]
        label = "q = 2^κ" if share == 1 else f"q = 2^κ / {share}"
        series.append(figures.Series(label, *zip(*rows, strict=True)))
    second = figures.curve_figure(
        series,
        [figures.Line("no difference", [lengths[0] - 0.5, lengths[-1] + 0.5], [0.0, 0.0])],
        title="Theorem 5.2: advantage of q keys, less q / 2^κ (n = 8)",
        xlabel="κ, bits of the key",
        ylabel="difference of advantages (probability)",
        interval=BARS,
    )
    return (*figures.save(first, folder, name), *figures.save(second, folder, f"{name}-difference"))


def draw_polynomial(name: str, found: dict[tuple[str, int], Estimate], folder: str) -> Files:
    """Everybody else's win rates."""
    series = []
    for defender in dict.fromkeys(label for label, _ in found):
        rows = [(k, one.win_rate, one.low, one.high) for (label, k), one in found.items() if label == defender]
        series.append(figures.Series(defender, *zip(*rows, strict=True)))
    figure = figures.curve_figure(
        series,
        title="Theorem 5.2: everybody else, under the canonical form (n = 8)",
        xlabel="κ, bits of the key",
        ylabel="win rate (probability)",
        interval=BARS,
        guessing=True,
        y_range=(0.46, 0.54),
    )
    return figures.save(figure, folder, f"{name}-others")


def draw_rewriting(name: str, found: dict[int, Estimate], folder: str, *, key_bits: int, room: int) -> Files:
    """The fall of detection by rounds of rewriting."""
    rows = [(r, one.win_rate, one.low, one.high) for r, one in found.items()]
    figure = figures.curve_figure(
        [figures.Series("StructuralDefender()", *zip(*rows, strict=True))],
        title=f"Reading gates after random rewrites (n = 8, κ = {key_bits}, {room}-fold room)",
        xlabel="rounds of random rewrites",
        ylabel="win rate (probability)",
        interval=BARS,
        guessing=True,
        y_range=(0.45, 1.02),
    )
    return figures.save(figure, folder, f"{name}-rewriting")
