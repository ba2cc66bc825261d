"""Saved results, kind by kind: how each is told from the others, and how it is played again from what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..catalog import make
from ..exact.solving import DistributionSearch, solve, value_curve
from ..experiments.shared.reproducing import reproduce
from ..games.measuring.mixing import mixing
from ..games.measuring.together import Match, estimates
from ..ground.errors import InvalidArgument, SpecError
from ..ground.progress import Progress
from ..ground.spec import Configured, parse
from ..matches import compare, estimate, play, scaled
from ..matches.sweeping import listed_values, named
from ..matches.weighing import weigh
from ..tournaments import tournament

Plain = dict[str, Any]
Replay = Callable[[Plain, int | None, Progress], Plain]
EXACT = ("blind_exact", "best_reply", "win_rate_exact", "worst_case", "value")  # of a scale, where they are known


def made(source: str) -> Any:
    """The object that a spec of a result describes."""
    return make(source, Configured, "spec")


def _players(spec: Plain) -> tuple[Any, Any, Any]:
    return made(spec["game"]), made(spec["attacker"]), made(spec["defender"])


def _estimate(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    half_width, rounds = stored.get("half_width"), stored["rounds"]
    if stored["mode"] == "adaptive":
        if half_width is None or stored.get("most_rounds") is None:
            raise InvalidArgument("result is of an adaptive run and lacks half_width: save it with a newer version")
        rounds = stored["most_rounds"]
    return estimate(
        *_players(stored["spec"]),
        rounds=rounds,
        seed=stored["seed"],
        level=stored["level"],
        half_width=half_width,
        literal=stored["mode"] == "literal",
        scale=_exact_scale(stored.get("scale")),
        threads=threads,
        progress=progress,
    ).to_dict()


def _exact_scale(scale: Plain | None) -> bool:
    """Whether exact numbers were asked for, found or not."""
    if scale is None:
        return False
    return "reasons" not in scale or bool(scale["reasons"]) or any(scale.get(name) is not None for name in EXACT)


def _curve(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    points, matches = stored["points"], []
    columns: dict[str, list[Match]] = {}
    for point in points:
        one = point["estimate"]
        match = Match(*_players(one["spec"]), one["rounds"], one["seed"])
        matches.append(match)
        columns.setdefault(point["defender"], []).append(match)
    labels = dict(zip(columns, named(list(columns.values())), strict=True))
    found = scaled(matches, estimates(matches, level=stored["family_level"], threads=threads, progress=progress))
    again = [
        {
            **_value(stored["sweep"], point["text"], match.game),
            "defender": labels[point["defender"]],
            "estimate": one.to_dict(),
        }
        for point, match, one in zip(points, matches, found, strict=True)
    ]
    return {
        "sweep": stored["sweep"],
        "family_level": stored["family_level"],
        "interval": "simultaneous over all points and defenders",
        "points": again,
        # What broke down left no spec to play again: it is told as it was.
        "failures": stored.get("failures", []),
    }


def _value(name: str, text: str, game: Any) -> Plain:
    """The parameter as the game has it, where its name is that of a field; else as it was typed."""
    found = game
    for part in name.removeprefix("game.").split("."):
        found = getattr(found, part, None)
    (typed,) = listed_values(text)
    value = float(found) if isinstance(found, int | float) else typed.number
    return {"value": value, "text": text if typed.number == value else repr(value)}


def _tournament(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    sides = ([made(source) for source in stored[side]] for side in ("games", "attackers", "defenders"))
    return tournament(
        *sides,
        rounds=stored["rounds"],
        seed=stored["seed"],
        level=stored["level"],
        exact=bool(stored["exact"]),
        threads=threads,
        progress=progress,
    ).to_dict()


def _compare(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    return compare(
        made(stored["game"]),
        made(stored["attacker"]),
        [made(row["defender"]) for row in stored["defenders"]],
        rounds=stored["rounds"],
        seed=stored["seed"],
        level=stored["level"],
        threads=threads,
        progress=progress,
    ).to_dict()


def _play(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    return play(*_players(stored), seed=stored["seed"], round=stored["round"]).to_dict()


def _solve(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    game, search = made(stored["game"]), stored.get("search")
    if stored["status"] == "heuristic" and search is None:
        raise InvalidArgument("result is of a search for D and lacks search: save it with a newer version")
    tolerance = made(stored["attacker"]).tolerance
    found = solve(
        game,
        tolerance=tolerance,
        exact=stored["fraction"] is not None,
        search_distribution=None if search is None else parse(search, _searching),
        certify="certified_tolerance" in stored,
        time_limit=stored.get("time_limit"),
        sees=stored.get("sees"),
        progress=progress,
    )
    again = found.to_dict()
    if "play" in stored:
        again["play"] = found.optimal_play(progress=progress).to_dict()
    if "exploitability" not in stored:
        return again
    sampled = [row["seed"] for row in stored["exploitability"].values() if "seed" in row]
    rounds, seed = stored.get("exploitability_rounds", 20_000), sampled[0] if sampled else None
    strategies = [made(source) for source in stored["exploitability"]]
    weighed = weigh(game, strategies, tolerance=tolerance, rounds=rounds, seed=seed, progress=progress)
    rows = dict(zip(stored["exploitability"], (one.to_dict() for one in weighed), strict=True))
    return {**again, "exploitability": rows, "exploitability_rounds": rounds}


def _value_curve(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    how = {name: stored[name] for name in ("low", "high", "exact", "tolerance")}
    return value_curve(made(stored["game"]), **how, progress=progress).to_dict()


def _searching(name: str) -> type:
    if name != DistributionSearch.__name__:
        raise SpecError(f"search must be a DistributionSearch, got {name!r}")
    return DistributionSearch


def _reproduce(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    quick = stored["mode"] == "quick"
    found = reproduce(stored["name"], quick=quick, seed=stored["seed"], threads=threads, progress=progress)
    return {**found.to_dict(), "seed": stored["seed"], "mode": stored["mode"]}


def _mixing(stored: Plain, threads: int | None, progress: Progress) -> Plain:
    game, defender = made(stored["spec"]["game"]), made(stored["spec"]["defender"])
    how = {name: stored[name] for name in ("chains", "rounds", "seed")}
    return mixing(game, defender, **how, progress=progress).to_dict()


# What only this kind of result has, the first that fits, and how it is played again.
KINDS: dict[str, tuple[frozenset[str], Replay]] = {
    "estimate": (frozenset({"win_rate", "rounds", "seed", "level", "mode", "spec"}), _estimate),
    "curve": (frozenset({"sweep", "points", "family_level"}), _curve),
    "tournament": (frozenset({"pairs", "games", "attackers", "defenders", "rounds", "seed", "level"}), _tournament),
    "compare": (frozenset({"differences", "defenders", "game", "attacker", "rounds", "seed", "level"}), _compare),
    "play": (frozenset({"round", "seed", "game", "attacker", "defender", "status"}), _play),
    "solve": (frozenset({"value", "fraction", "triples", "game", "attacker", "status"}), _solve),
    "value curve": (frozenset({"steps", "breakpoints", "low", "high", "game", "exact"}), _value_curve),
    "reproduce": (frozenset({"verdicts", "points", "name", "seed", "mode"}), _reproduce),
    "mixing": (frozenset({"acceptance", "chains", "rounds", "seed", "spec"}), _mixing),
}
