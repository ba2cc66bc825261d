"""The tournament: every attacker against every defender on every game."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from ..games import Game
from ..games.measuring.estimation import Measure
from ..games.measuring.records import Estimate
from ..games.measuring.together import Match, attempts
from ..ground import _validate
from ..ground.errors import ContractError, InvalidArgument, MissingCapability
from ..ground.lookup import made
from ..ground.origins import sources
from ..ground.progress import Progress, silent
from ..ground.seeds import fresh_or
from ..ground.spec import Configured, text
from .exactness import play_exactly, players_of
from .ranking import rank_attackers, rank_defenders
from .records import Pairing, TournamentResult


def tournament(
    games: Game | Sequence[Game],
    attackers: Any,
    defenders: Any,
    *,
    rounds: int = 20_000,
    seed: int | None = None,
    level: float = 0.95,
    exact: bool = True,
    threads: int | None = None,
    progress: Progress = silent,
) -> TournamentResult:
    """Play every attacker against every defender on every game.

    All pairs of a game meet the same triggers, since the engine draws them from the game and the seed alone; where
    models are trained, each is trained once for all defenders. A pair that refuses a game before the first round is
    reported with its sentence, and the others play.

    Parameters
    ----------
    games, attackers, defenders
        One or several each, no two alike, of the kinds that the games name: attackers and defenders for
        `BackdoorGame`, backdoors and detectors for `StaticDetection`.
    rounds, seed, threads, progress
        As for `estimate`; rounds are for each pair. A seed that is drawn is one for all pairs, and in the result.
    level : float in (0, 1)
        All intervals hold together at this level: Sidak over games, Bonferroni over the pairs of one game.
    exact : bool
        Where a backdoor game fixes D and is small, report its value, the exploitability of everybody who plays it and
        the exact win rates of pairs; this can take longer than the rounds where a player's randomness can only be
        sampled.

    Raises
    ------
    InvalidArgument
        For arguments out of range, for anything named twice, and where nobody can play anything.
    ContractError
        Where a player breaks its contract before the first round, or in every pair. One that breaks it later costs its
        own pairs: the others are in the result, which names what is missing under `failures`.
    """
    fields = _listed("games", games, [(Game, "BackdoorGame(Thresholds(points=10), 0.2, Uniform())")])
    attacking = _listed("attackers", attackers, [game.attackers for game in fields])
    defending = _listed("defenders", defenders, [game.defenders for game in fields])
    seed = fresh_or(seed)
    level = Measure(rounds, seed, level, threads=threads).level  # refused before anybody is made ready
    matches = [Match(*who, rounds, seed) for who in product(fields, attacking, defending)]
    refusals = _refusals(fields, attacking, defending, progress)
    able = [match for match, sentence in zip(matches, refusals, strict=True) if sentence is None]
    if not able:
        raise InvalidArgument(f"nobody can play: {refusals[0]}")
    players = [players_of(game, able) if exact else [] for game in fields]
    steps = _Steps(progress, rounds, len(able), sum(map(len, players)))
    tried = attempts(able, level=level, threads=threads, progress=steps.played)
    broken = [one for one in tried if isinstance(one, ContractError)]
    if len(broken) == len(tried):
        raise broken[0]
    found = iter(tried)
    measured = [_pair(match, sentence, found) for match, sentence in zip(matches, refusals, strict=True)]
    weighed = [
        play_exactly(game, many, rounds=rounds, seed=seed, done=steps.solved)
        for game, many in zip(fields, players, strict=True)
    ]
    scales = {(one.game, *who): numbers for one, known in weighed for who, numbers in known.items()}
    pairs = [_scaled(pair, scales.get((pair.game, pair.attacker, pair.defender))) for pair in measured]
    names = [[text(one) for one in many] for many in (fields, attacking, defending)]
    return TournamentResult(
        games=tuple(names[0]),
        attackers=tuple(names[1]),
        defenders=tuple(names[2]),
        pairs=tuple(pairs),
        defender_ranking=rank_defenders(names[2], pairs),
        attacker_ranking=rank_attackers(names[1], pairs),
        exact=tuple(one for one, _ in weighed) if exact else (),
        level=level,
        rounds=rounds,
        seed=seed,
        sources=sources(*fields, *attacking, *defending),
        failures=tuple(map(str, broken)),
    )


def attacker_refusal(game: Game, attacker: Any) -> str | None:
    """Why an attacker cannot play this game, in one sentence, asked before the first round; None where it can."""
    return _refusal(lambda: game.ready(attacker))


def defender_refusal(game: Game, defender: Any) -> str | None:
    """Why a defender cannot play this game, in one sentence, asked before the first round; None where it can."""
    return _refusal(lambda: game.admit(defender))


def _refusal(action: Callable[[], object]) -> str | None:
    try:
        action()
    except (InvalidArgument, MissingCapability) as error:
        return str(error)
    return None


def _refusals(games: list[Any], attackers: list[Any], defenders: list[Any], progress: Progress) -> list[str | None]:
    """The sentence of each pair that cannot play, game by game: the attacker's, else the defender's."""
    found: list[str | None] = []
    for game in games:
        theirs = [defender_refusal(game, defender) for defender in defenders]
        ours = [attacker_refusal(game, attacker) for attacker in attackers]
        theirs = _threshold_refusals(game, theirs, defenders, ours, attackers, progress)
        found += [own or sentence for own in ours for sentence in theirs]
    return found


def _threshold_refusals(
    game: Any,
    theirs: list[str | None],
    defenders: list[Any],
    ours: list[str | None],
    attackers: list[Any],
    progress: Progress,
) -> list[str | None]:
    """The defenders' sentences, theirs among them who refuse while thresholds are set: all at once if nobody does."""
    able = [defender for defender, sentence in zip(defenders, theirs, strict=True) if sentence is None]
    first = next((attacker for attacker, own in zip(attackers, ours, strict=True) if own is None), None)
    if first is None or _refusal(lambda: game.ready(first, *able, progress=progress)) is None:
        return theirs
    return [
        sentence or _refusal(lambda one=defender: game.ready(first, one))  # type: ignore[misc]
        for defender, sentence in zip(defenders, theirs, strict=True)
    ]


class _Steps:
    """Progress over the rounds of all pairs, and then over the players to be weighed exactly, a pair's worth each."""

    def __init__(self, progress: Progress, rounds: int, pairs: int, players: int) -> None:
        self._progress, self._rounds = progress, rounds
        self._done, self._total = pairs * rounds, (pairs + players) * rounds

    def played(self, done: int, total: int) -> None:
        self._progress(done, self._total if total == self._done else total)  # else thresholds are being set

    def solved(self) -> None:
        self._done += self._rounds
        self._progress(self._done, self._total)


def _pair(match: Match, sentence: str | None, found: Any) -> Pairing:
    game, attacker, defender = map(text, (match.game, match.attacker, match.defender))
    one: Estimate | ContractError | None = next(found) if sentence is None else None
    if isinstance(one, ContractError):
        return Pairing(game, attacker, defender, failure=str(one))
    return Pairing(game, attacker, defender, one, sentence)


def _scaled(pair: Pairing, numbers: dict[str, Any] | None) -> Pairing:
    """The pair on its exact scale, where both play and it was worked out."""
    if pair.estimate is None or numbers is None:
        return pair
    scale = dataclasses.replace(pair.estimate.scale, **numbers)
    estimate = dataclasses.replace(pair.estimate, scale=scale)
    return dataclasses.replace(pair, estimate=estimate, exact=scale.win_rate_exact)


def _listed(name: str, given: Any, kinds: Sequence[tuple[type[Any], str]]) -> list[Any]:
    """One or several of these kinds, or their specs, as a list, none of them twice."""
    many = [given] if isinstance(given, Configured | str) else list(given) if isinstance(given, Sequence) else given
    kind, example = kinds[0]
    if not isinstance(many, list) or not many:
        raise InvalidArgument(f"{name} must be one or several such as {example}, got {given!r}")
    for place, one in enumerate(many):
        many[place] = one = made(one, Configured, f"{name}[{place}]", example)
        if not any(isinstance(one, other) for other, _ in kinds):
            _validate.instance(f"{name}[{place}]", one, kind, example)
    texts = [text(one) for one in many]
    for one in texts:
        if texts.count(one) > 1:
            raise InvalidArgument(f"{name} must differ from each other, got {one[:200]!r} twice: name it once")
    return many
