"""Hypothesis strategies for games and their parts: small, valid, and shrinking to smaller ones; public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..circuits.classes import Circuits
from ..functions import (
    AllFunctions,
    Boxes,
    Conjunctions,
    DecisionTrees,
    DirectSum,
    Explicit,
    FunctionClass,
    Halfspaces,
    Intervals,
    IntervalUnions,
    Parities,
    RandomOracle,
    Singletons,
    Thresholds,
)
from ..games import BackdoorGame
from ..players.views import DefenderView
from ..spaces.distributions import Distribution
from ..spaces.domains import Domain
from .laws_of_domains import laws_of
from .rounds import Rounds

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

EIGHTHS = 8  # epsilon where D has no steps of its own: dyadic, so that cases read well and ties are exact


def function_classes(*, finite: bool = False) -> SearchStrategy[FunctionClass]:
    """Small function classes of every shipped kind, but for models that are trained; the simplest is
    ``Thresholds(points=1)``.

    Parameters
    ----------
    finite : bool
        Leave out the classes on real points, so that every class can be enumerated.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from backdoor_game.testing import function_classes
    >>> @settings(max_examples=20, database=None, derandomize=True)
    ... @given(functions=function_classes(finite=True))
    ... def sauer_and_shelah_hold(functions):
    ...     labelings = functions.labelings(functions.domain.points())
    ...     assert len(labelings) <= 2 ** functions.domain.size
    >>> sauer_and_shelah_hold()
    """
    from hypothesis import strategies as st

    listed = _listed()
    pairs = st.lists(listed, min_size=2, max_size=2).map(lambda parts: DirectSum(tuple(parts)))
    if finite:
        return st.one_of(listed, pairs)
    few = st.integers(1, 2)
    endless = st.one_of(
        st.sampled_from((Thresholds(), Intervals())),
        st.builds(Boxes, dimension=few),
        st.builds(Halfspaces, dimension=few, bias=st.booleans()),
    )
    return st.one_of(listed, pairs, endless)


def _listed() -> SearchStrategy[FunctionClass]:
    from hypothesis import strategies as st

    points, bits = st.integers(1, 5), st.integers(1, 3)
    return st.one_of(
        st.builds(Thresholds, points=points),
        st.builds(Singletons, points=points),
        st.builds(AllFunctions, points=st.integers(1, 4)),
        st.builds(Intervals, points=points),
        tables(),
        st.builds(IntervalUnions, points=points, k=st.integers(1, 2)),
        st.builds(Boxes, dimension=st.integers(1, 2), points=bits),
        st.builds(Conjunctions, bits=bits),
        st.builds(Parities, bits=bits),
        st.builds(DecisionTrees, bits=st.integers(1, 2), leaves=st.integers(1, 2)),
        st.builds(Circuits, bits=st.integers(1, 2), gates=st.integers(0, 1)),
        st.builds(RandomOracle, key_bits=bits, bits=bits),
    )


def tables(most_points: int = 4, most_functions: int = 6) -> SearchStrategy[FunctionClass]:
    """`Explicit` classes: any small 0/1 matrix with different rows."""
    from hypothesis import strategies as st

    def rows(points: int) -> SearchStrategy[Any]:
        row = st.lists(st.sampled_from("01"), min_size=points, max_size=points).map("".join)
        most = min(most_functions, 2**points)
        return st.lists(row, min_size=1, max_size=most, unique=True).map(lambda listed: Explicit(tuple(listed)))

    return st.integers(1, most_points).flatmap(rows)


def distributions(domain: Domain | None = None) -> SearchStrategy[Distribution]:
    """Distributions on a domain, with its size filled in; without a domain, on that of a small function class.

    Examples
    --------
    >>> import numpy as np
    >>> from hypothesis import given, settings
    >>> from backdoor_game import Finite
    >>> from backdoor_game.testing import distributions
    >>> @settings(max_examples=20, database=None, derandomize=True)
    ... @given(law=distributions(Finite(4)))
    ... def draws_are_points(law):
    ...     assert Finite(4).contains(law.sample(5, np.random.default_rng(0))).all()
    >>> draws_are_points()
    """
    if domain is None:
        return function_classes().flatmap(lambda functions: distributions(functions.domain))
    return laws_of(domain)


def games(functions: SearchStrategy[FunctionClass] | None = None, *, fixed: bool | None = None) -> Any:
    """Small games; the simplest is ``BackdoorGame(Thresholds(points=1), 0, Uniform())``, without a budget.

    Parameters
    ----------
    functions : strategy, optional
        Where the class is from; by default `function_classes()`.
    fixed : bool, optional
        Whether the game fixes D; by default some do and some leave it to the attacker.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from backdoor_game import AlwaysFlag, NoAttack, estimate
    >>> from backdoor_game.testing import games
    >>> @settings(max_examples=10, database=None, derandomize=True, deadline=None)
    ... @given(game=games(fixed=True))
    ... def flagging_everything_wins_half(game):
    ...     assert estimate(game, NoAttack(), AlwaysFlag(), rounds=10, seed=1).win_rate == 0.5
    >>> flagging_everything_wins_half()
    """
    from hypothesis import strategies as st

    @st.composite
    def drawn(draw: Any) -> BackdoorGame:
        chosen = draw(function_classes() if functions is None else functions)
        closed = draw(st.sampled_from((True, False))) if fixed is None else fixed
        law = draw(laws_of(chosen.domain))  # drawn in any case, for what is drawn less is simpler
        law = law if closed else None
        size = EIGHTHS if law is None else law.uniform_size() or EIGHTHS
        return BackdoorGame(chosen, draw(st.integers(0, size)) / size, law)

    return drawn()


def views() -> SearchStrategy[DefenderView]:
    """What a defender sees in one round of a small game; ``view.block()`` is the same as a block of one.

    Examples
    --------
    >>> import numpy as np
    >>> from hypothesis import given, settings
    >>> from backdoor_game import CoinFlip
    >>> from backdoor_game.testing import views
    >>> @settings(max_examples=20, database=None, derandomize=True, deadline=None)
    ... @given(view=views())
    ... def a_coin_has_two_sides(view):
    ...     assert CoinFlip().suspicion(view, np.random.default_rng(0)) in (0.0, 1.0)
    >>> a_coin_has_two_sides()
    """
    from hypothesis import strategies as st

    @st.composite
    def drawn(draw: Any) -> DefenderView:
        game = draw(games())
        law = game.distribution if game.distribution is not None else draw(laws_of(game.functions.domain))
        return Rounds(game, law, draw(st.integers(0, 255)), 1).defending().row(0)

    return drawn()
