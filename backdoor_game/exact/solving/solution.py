"""The exact value of a finite game, with optimal play for both sides and a proof that needs no solver."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ...games import BackdoorGame
from ...games.backdoor import refuse_variant
from ...games.contract import blamed
from ...games.measuring.summary import versions
from ...games.observations import Observation
from ...ground import _validate
from ...ground.errors import BackdoorGameError, InvalidArgument
from ...ground.lookup import made
from ...ground.origins import sources, written_out
from ...ground.progress import Progress, silent
from ...ground.results import Block, Result, short
from ...ground.spec import text
from ...spaces.distributions import Distribution
from ..averaging.defender import refuse_black_box
from ..finite import Equilibrium, legal_game
from ..finite.kept import keep, kept
from ..finite.rational import certify, check_size, exact_weights
from ..players import OptimalAttacker, OptimalDefender
from ..variants import VariantEquilibrium, optimum
from .optimal_play import OptimalPlay
from .over_distributions import CERTIFIED, bracket, refuse_certify
from .search import DistributionSearch
from .seeing import what_is_seen
from .shown import shown

SEARCHED = "heuristic"  # the status of a D that a search has found
SHOWN = 32  # functions that a reader takes in


@dataclasses.dataclass(frozen=True, repr=False)
class Solution(Result):
    """What `solve` found; `to_dict()` is what the command line prints under ``--json``.

    Where D was searched for, all numbers are those of the D that was found, with a defender that is told it: of the
    game that leaves D open they say that its value is at most `upper`, and nothing from below. Where ``certify=True``
    was asked for, `lower` and `upper` are proved ends of the least value over all D; `upper` is that of `distribution`.

    Attributes
    ----------
    value : float
        What the defender wins under optimal play of both sides: the middle of `lower` and `upper`, and no more than
        that where these are far apart, as they may be of a certificate whose time was over.
    lower, upper : float
        Under `distribution`, what `defender` wins at least against every attacker, and any defender at most against
        `attacker`; both are computed from the definition, without the solver that found the play.
    gap : float
        upper - lower.
    fraction : str or None
        The value as a fraction, where ``exact=True`` asked for it.
    attacker, defender : OptimalAttacker, OptimalDefender
        Optimal play, ready for `estimate`.
    distribution : Distribution
        D: the game's, or the best one that the search found.
    status : str
        "enumerated"; "heuristic" where D was searched for; "certified (floating point)" where all D were weighed.
    method : str
    search : str or None
        Where D was searched for, how: a `DistributionSearch`.
    seed : int or None
        That of the search; None, and not in `to_dict()`, where nothing was drawn.
    functions, points, triples : int
        Size: functions that D can tell apart, points of positive mass, and legal triples (f, f*, x).
    sees : str or None
        What the defender sees, an `Observation`; None, and not in `to_dict()`, where that is all of (f', x').
    players : dict of dict
        Every field of the game and of the players, defaults too.
    sources : dict of str
        SHA-256 of each plug-in file behind the game, by its path as typed.
    certified_tolerance, time_limit : float or None
        Of a certificate: what `lower` grants to errors of floating point, `method` says on what; and the seconds that
        it was given. Not in `to_dict()` where there is none.
    """

    value: float
    lower: float
    upper: float
    gap: float
    fraction: str | None
    attacker: OptimalAttacker
    defender: OptimalDefender
    distribution: Distribution
    status: str
    method: str
    functions: int
    points: int
    triples: int
    game: str
    search: str | None = None
    seed: int | None = None
    players: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    sources: dict[str, str] = dataclasses.field(default_factory=dict)
    certified_tolerance: float | None = None
    time_limit: float | None = None
    sees: str | None = None

    @property
    def at_most(self) -> bool:
        """Whether the game's value is at most `upper` and no more is known, since D was searched for."""
        return self.status == SEARCHED

    def optimal_play(self, most: int = SHOWN, progress: Progress = silent) -> OptimalPlay:
        """The play that proves the value: the f that are picked, plants by trigger, flags. One of perhaps many.

        Parameters
        ----------
        most : int
            Functions to show. Where there are more, those that are picked or planted, the likeliest first, and the
            record says what share of the play that is.
        progress : callable
            Called with (done, total), where the game is solved anew: the last eight solutions are kept.

        Raises
        ------
        InvalidArgument
            Where D has more than 1,024 points.
        """
        game = kept(self, self.game) or made(self.game, BackdoorGame, "game", "BackdoorGame(...)")
        tolerance = self.attacker.tolerance
        sees = self.defender.sees
        found = blamed(lambda: optimum(game, self.distribution, tolerance, progress, sees))
        return shown(found, self.game, most)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        plain = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        for name in ("seed", "certified_tolerance", "time_limit", "sees"):
            if plain[name] is None:
                del plain[name]
        specs = {name: text(plain[name]) for name in ("attacker", "defender", "distribution")}
        return {**plain, **specs, "at_most": self.at_most, "versions": versions()}

    def blocks(self) -> Sequence[Block]:
        """The value, its proof and the size of the game; the seed where something was drawn."""
        rows: list[tuple[str, Any]] = []
        if self.at_most:
            rows += [
                ("value over all D", f"at most {self.upper:.6f}"),
                ("value under the D found", f"{self.value:.6f}"),
            ]
        elif self.certified_tolerance is not None:
            rows.append(("value over all D", f"in {self._ends()}"))
        else:
            rows.append(("value", f"{self.value:.6f}"))
        if self.fraction is not None:
            rows.append(("as a fraction", self.fraction))
        if not self.at_most and self.certified_tolerance is None:
            rows.append(("defender wins at least", f"{self.lower:.6f}"))
        rows += [
            ("attacker allows at most", f"{self.upper:.6f}"),
            ("gap", f"{self.gap:.2g}"),
            ("status", self._labelled()),
            ("method", self.method),
            ("functions, points", f"{self.functions}, {self.points}"),
            ("legal triples (f, f*, x)", self.triples),
            ("game", self.game),
            *([] if self.sees is None else [("the defender sees", self.sees)]),
            ("distribution", text(self.distribution)),
            ("optimal players", f"{text(self.attacker)}, {text(self.defender)}"),
        ]
        return [Block(rows if self.seed is None else [*rows, ("seed", self.seed)])]

    def _ends(self) -> str:
        """Of a certificate, each rounded outwards."""
        return f"[{math.floor(self.lower * 1e6) / 1e6:.6f}, {math.ceil(self.upper * 1e6) / 1e6:.6f}]"

    def _labelled(self) -> str:
        """The status, a certificate's with its tolerance."""
        tolerance = self.certified_tolerance
        return self.status if tolerance is None else f"{self.status}, tolerance {tolerance:.2g}"

    def headline(self) -> str:
        known = f"value={self.fraction or f'{self.value:.6f}'}"
        known = known if self.certified_tolerance is None else f"value over all D in {self._ends()}"
        known = f"value at most {self.upper:.6f}" if self.at_most else known
        return f"{known}, gap={self.gap:.2g}, {self.status}, {short(self.game, 80)}"


def solve(
    game: BackdoorGame,
    *,
    tolerance: float | None = None,
    exact: bool = False,
    search_distribution: DistributionSearch | None = None,
    certify: bool = False,
    time_limit: float | None = None,
    sees: Observation | str | None = None,
    progress: Progress = silent,
) -> Solution:
    """The value of a finite game and optimal play.

    Budgets are not weighed: optimal play uses no examples and no evaluations. Every trigger law, clean input and reveal
    that is finite is solved as one linear program over the attacker's realisation plan; a law that is not, such as the
    coins of an attacker, is refused.

    Parameters
    ----------
    game : BackdoorGame
        A class that can be enumerated and a D with listed atoms; without a D the best one that a search finds.
    tolerance : float, optional
        The most by which the two guarantees may differ: by default 1e-6 up to 60,000 legal triples, where a linear
        program is solved, and 1e-4 beyond, where regrets are matched.
    exact : bool
        Also give the value as a fraction, proved in rational arithmetic; epsilon and weights are read as fractions.
        For the game whose trigger is drawn after f, with a fresh clean input and nothing revealed.
    search_distribution : DistributionSearch, optional
        How to look for D in a game that fixes none.
    certify : bool
        In a game that fixes no D: prove an interval around the least value over all D, for classes of few functions on
        few points. *Certified (floating point).*
    time_limit : float, optional
        Seconds that the certificate's search may take; when they are over the interval is wider. By default no limit.
    sees : Observation, optional
        What the defender sees of (f', x'): by default all of it; less is worth less. In a game with a D.
    progress : callable
        Called with (done, total).

    Raises
    ------
    MissingCapability, InvalidArgument
        Where the game is not finite or too large, before the work, with the size and the limit.
    BackdoorGameError
        Where the guarantees stay further apart than the tolerance.
    """
    game = made(game, BackdoorGame, "game", "BackdoorGame(Thresholds(points=10), 0.2, Uniform())")
    seen = None if sees is None else what_is_seen(game, sees, exact)
    if seen is None or seen.reads_code:
        refuse_black_box(game)
    if tolerance is not None:
        tolerance = _validate.real("tolerance", tolerance, 1e-9, 1.0)
    seconds = refuse_certify(game, exact, certify, time_limit)
    distribution, status, search, interval = game.distribution, "enumerated", None, None
    if distribution is None:
        looked = search = search_distribution or DistributionSearch()
        _validate.instance("search_distribution", search, DistributionSearch, "DistributionSearch(steps=200)")
        if certify:
            interval = blamed(lambda: bracket(game, looked, seconds, progress))
            distribution, status, search = interval.distribution, CERTIFIED, search if interval.started else None
        else:
            distribution, status = blamed(lambda: looked.best(game, progress)), SEARCHED
    elif search_distribution is not None:
        raise InvalidArgument("search_distribution is for games without a distribution, and this one fixes its own")
    if exact:
        refuse_variant(game, "the proof in fractions")
        check_size(legal_game(game.functions, distribution, game.epsilon))
        exact_weights(distribution)
    found = blamed(lambda: optimum(game, distribution, tolerance, progress, seen))
    fraction = _fraction(found, distribution, game.epsilon) if exact else None
    named = None if game.distribution is not None else distribution
    lower = found.lower if interval is None else interval.lower
    attacker = OptimalAttacker(law=named, tolerance=tolerance, sees=seen)
    defender = OptimalDefender(law=named, tolerance=tolerance, sees=seen)
    solution = Solution(
        value=(lower + found.upper) / 2 if fraction is None else float(fraction),
        lower=lower,
        upper=found.upper,
        gap=max(0.0, found.upper - lower),
        fraction=None if fraction is None else str(fraction),
        attacker=attacker,
        defender=defender,
        distribution=distribution,
        status=status,
        method=found.method if interval is None else interval.method,
        functions=len(found.legal.codes),
        points=len(found.legal.points),
        triples=found.legal.triples,
        game=text(game),
        search=None if search is None else text(search),
        seed=None if search is None else search.seed,
        players={"game": written_out(game), "attacker": written_out(attacker), "defender": written_out(defender)},
        sources=sources(game, distribution, *([] if seen is None else [seen])),
        certified_tolerance=None if interval is None else interval.tolerance,
        time_limit=seconds,
        sees=None if seen is None else text(seen),
    )
    return keep(solution, solution.game, game)


def _fraction(found: Equilibrium | VariantEquilibrium, distribution: Distribution, epsilon: float) -> Fraction:
    """The value in rational arithmetic, which must agree with the floats."""
    value = certify(found.legal, distribution, epsilon).value
    # 1e-9: the guarantees are sums of floats
    if not found.lower - 1e-9 <= value <= found.upper + 1e-9:
        raise BackdoorGameError(f"the fraction {value} is not between {found.lower!r} and {found.upper!r}")
    return value
