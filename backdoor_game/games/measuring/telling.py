"""An estimate in a dozen lines, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...ground.results import Block, rate

Estimate = Any  # the record says how it is told, so that its file imports this one
Interval = Any
LOUD = 0.5  # of the rounds without a legal plant: from there on the attacker's giving up moves the win rate most
RARELY = "plants in under 1% of the rounds"
STARRED = f"* {RARELY}: what is won against it is won by its forfeits"
# Exact numbers of a scale as they are named to people, in the order of what they say of this match.
EXACT = {
    "best_reply": "best reply to the attacker",
    "win_rate_exact": "exact win rate",
    "worst_case": "worst case of the defender",
    "value": "value of the game",
}


def summary(found: Estimate) -> Block:
    """What was measured, line by line; before it what a reader must know first."""
    rare = f" ({RARELY})" if found.rarely_plants else ""
    return Block(
        [
            ("win rate", rate(found.win_rate, found.low, found.high) + _exactly(found.scale.win_rate_exact)),
            ("interval", f"{100 * found.level:.12g}%: {found.interval}"),
            *scale_rows(found),
            ("win rate given a plant", _maybe(found.win_rate_given_plant, found.given_plant_interval)),
            ("false-alarm rate", found.false_alarm_rate and _interval(found.false_alarm_rate)),
            *([("detection rate", _interval(found.detection_rate))] if found.mode != "one branch" else []),
            ("AUROC", _maybe(found.auroc, found.auroc_interval)),
            ("rounds", f"{found.rounds} ({found.mode}), seed {found.seed}"),
            ("forfeits", _without_plant(found)),
            ("defender's use a round", _use(found, "")),
            ("attacker's use a round", _use(found, "attacker_")),
            ("game", found.spec["game"]),
            *((name, f"{value}{rare if name == 'attacker' else ''}") for name, value in found.prepared.items()),
        ],
        title="\n".join(f"note: {note}" for note in found.notes),
    )


def notes(found: Estimate) -> tuple[str, ...]:
    """That most rounds had no plant, with what to do about it; nothing where most had one."""
    given_up = (found.forfeits + found.illegal) / found.rounds
    if given_up <= LOUD:
        return ()
    parts = (found.forfeits, "forfeits"), (found.illegal, "illegal plants")
    first, *other = [(percent(count / found.rounds), what) for count, what in parts if count]
    share = f"{first[0]} of the rounds are {first[1]}" + "".join(f" and {more} {what}" for more, what in other)
    looks = [] if found.win_rate_given_plant is None else ["look at the win rate given a plant"]
    # A game with D and epsilon, whose attackers want room; elsewhere a plant fails for reasons of its own.
    raises = ["raise epsilon"] if "distribution" in found.prepared else []
    if "trigger=Satisfying(" in found.spec["game"]:  # a trigger that the attacker could not find is illegal as well
        raises = ["take a predicate that more points satisfy", *raises]
    wants = [*looks, "run `backdoor-game check` on the attacker", *raises]
    return (f"{share}: the win rate says how often the attacker gives up; {_either(wants)}",)


def _either(wants: list[str]) -> str:
    return wants[0] if len(wants) == 1 else f"{', '.join(wants[:-1])} or {wants[-1]}"


def starred(name: str, rarely_plants: bool) -> str:
    """The name in a table, with a star for next to no plants; `STARRED` says what it means."""
    return f"{name} *" if rarely_plants else name


def remarks(found: Sequence[Estimate], *, marks: bool) -> list[str]:
    """Lines under a table of estimates: what its star means, where it has one, and what rounds without a plant mean."""
    stars = [STARRED] if marks else []
    loud = [one for one in found if one.notes]
    if not loud:
        return stars
    if len(found) == 1:
        return [*stars, f"note: {loud[0].notes[0]}"]
    most = max(loud, key=lambda one: one.forfeits + one.illegal)
    return [*stars, f"note on {len(loud)} of {len(found)} lines, the most extreme of them: {most.notes[0]}"]


def percent(share: float) -> str:
    """A share of rounds in three digits; all of them only where it is all."""
    return "over 99.9%" if 0.9995 <= share < 1 else f"{100 * share:.3g}%"


def counted(count: int, rounds: int) -> str:
    """A count of rounds with its share."""
    return f"{count} ({percent(count / rounds)})" if count else "0"


def scale_rows(found: Estimate) -> list[tuple[str, Any]]:
    """What the win rate stands beside: the blind baseline, and the exact numbers or why there are none."""
    scale = found.scale
    ends = rate(scale.blind, scale.blind_low, scale.blind_high) + _exactly(scale.blind_exact)
    known = {name: told for name in EXACT if (told := _exact(scale, name)) is not None}
    rows: list[tuple[str, Any]] = [("blind baseline", f"{ends} ({scale.blind_player})")]
    rows += [(label, known[name]) for name, label in EXACT.items() if name in known and name != "win_rate_exact"]
    missing = []
    for reason in dict.fromkeys(scale.reasons.values()):
        without = [EXACT[name] for name in EXACT if scale.reasons.get(name) == reason and name not in known]
        what = "no exact number" if len(without) == len(EXACT) else f"no {', no '.join(without)}"
        missing += [f"{what}: {reason}"] if without else []
    return [*rows, ("unknown", "; ".join(missing))] if missing else rows


def beside(found: Estimate) -> list[str]:
    """Lines under a table of defenders that met one attacker: what is the attacker's and the game's of the scale."""
    own = ("win_rate_exact", "worst_case")
    shared = [(name, value) for name, value in scale_rows(found) if name not in {"unknown", *(EXACT[o] for o in own)}]
    said = "; ".join(f"{name} {' '.join(value.split())}" for name, value in shared)
    reasons = [reason for name, reason in found.scale.reasons.items() if name not in own]
    return [said, *(f"unknown: {reason}" for reason in dict.fromkeys(reasons) if found.scale.best_reply is None)]


def given_plant(found: Estimate) -> str | None:
    """The win rate given a plant with its interval, in one cell of a table."""
    told = _maybe(found.win_rate_given_plant, found.given_plant_interval)
    return None if told is None else " ".join(told.split())


def _exactly(value: float | None) -> str:
    """What follows a measured number where its exact value is known."""
    return "" if value is None else f", exactly {value:.6f}"


def _exact(scale: Any, name: str) -> str | None:
    """An exact number of a scale; None where it is missing."""
    if name == "value" and scale.value is None and scale.value_high is not None:
        return f"at most {scale.value_high:.6f}: {scale.reasons['value']}"
    value = getattr(scale, name)
    fraction = f" = {scale.value_fraction}" if name == "value" and scale.value_fraction is not None else ""
    return None if value is None else f"{value:.6f}{fraction}"


def _without_plant(found: Estimate) -> str:
    """Rounds without a legal plant, and those that nobody can tell or that the defender could not pay for."""
    parts = [counted(found.forfeits, found.rounds), f"{counted(found.illegal, found.rounds)} illegal plants"]
    parts += [f"{found.undecided} undecided rounds"] if found.undecided else []
    parts += [f"{found.defender_forfeits} of the defender's"] if found.defender_forfeits else []
    return ", ".join(parts)


def _use(found: Estimate, player: str) -> str:
    """What a player used a round, all branches together."""
    used = (getattr(found, f"{player}{what}_per_round") for what in ("examples", "queries", "evaluations"))
    return "{:.6g} examples, {:.6g} queries, {:.6g} evaluations".format(*used)


def _interval(one: Interval) -> str:
    return rate(one.value, one.low, one.high)


def _maybe(value: float | None, ends: tuple[float, float] | None) -> str | None:
    return None if value is None or ends is None else rate(value, *ends)
