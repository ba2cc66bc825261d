"""The batteries of what makes a variant of the game: trigger laws, predicates, reveals and observations."""

from __future__ import annotations

from ..games.observations import Observation
from ..games.predicates import Predicate
from ..games.reveals import Reveal
from ..games.triggers import TriggerLaw
from ..ground.progress import Progress, silent
from .batteries import battery
from .kinds import OBSERVATION, PREDICATE, REVEAL, TRIGGER_LAW, Games
from .results import CheckReport


def check_trigger_law(law: TriggerLaw, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a trigger law offers points of D, row by row, as often as it says, and admits what it leaves open.

    It is tried in the `games`, each with this law in the place of its own, by default in small ones of every kind.
    Parameters and answer are those of `check_attacker`.

    Examples
    --------
    >>> from backdoor_game import WorstOf
    >>> from backdoor_game.testing import check_trigger_law
    >>> [result.name for result in check_trigger_law(WorstOf(draws=3)) if result.status == "failed"]
    []
    """
    return battery(TRIGGER_LAW, "law", law, games, progress)


def check_predicate(predicate: Predicate, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a predicate says yes or no of each point by itself, and the same every time.

    The domains are those of the `games`, by default small ones of every kind that it accepts.

    Examples
    --------
    >>> from backdoor_game import HashPrefix
    >>> from backdoor_game.testing import check_predicate
    >>> [result.name for result in check_predicate(HashPrefix(bits=1)) if result.status == "failed"]
    []
    """
    return battery(PREDICATE, "predicate", predicate, games, progress)


def check_reveal(reveal: Reveal, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a reveal shows a function of the attacker's run alone, and contradicts no clean branch.

    It is tried in the `games`, each with this reveal in the place of its own.

    Examples
    --------
    >>> from backdoor_game import Original
    >>> from backdoor_game.testing import check_reveal
    >>> [result.name for result in check_reveal(Original(bits=4)) if result.status == "failed"]
    []
    """
    return battery(REVEAL, "reveal", reveal, games, progress)


def check_observation(observation: Observation, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether the rows of an observation's kernel are laws, and what it sees comes as often as they say.

    It is tried on the classes of those of the `games` that are small enough to be looked at as a whole.

    Examples
    --------
    >>> from backdoor_game.games.observations import Label
    >>> from backdoor_game.testing import check_observation
    >>> [result.name for result in check_observation(Label()) if result.status == "failed"]
    []
    """
    return battery(OBSERVATION, "observation", observation, games, progress)
