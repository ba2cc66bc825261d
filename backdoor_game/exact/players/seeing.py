"""How a defender who sees less plays the solution: it looks, asks where its plan asks, and flags."""

from __future__ import annotations

import copy

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...games.observations import Observation
from ...games.observations.base import checked_symbols
from ...games.reveals import AttackerRun
from ...games.reveals.base import Trace
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...ground.streams import draws
from ...players.views import DefenderBlock, GameLike
from ...spaces.domains import Points
from ..variants import VariantEquilibrium
from ..variants.asking import QueryPlan
from .coins import fractions

Indices = npt.NDArray[np.int64]
SPENT = 1  # words of a round's coins that the flag itself takes
LOOKING = 2**32  # the word that is the key of what is looked at: no plan asks so often


def decided(found: VariantEquilibrium, sees: Observation, view: DefenderBlock) -> Floats:
    """How likely each round is flagged, (B,), given what its view shows, examples and answers charged."""
    legal, at = found.legal, _traces(found, view)
    listed = found.flags if found.asks is None else found.asks.asking.numbers
    columns = len(listed) // (int(found.game.traces.max()) + 1)
    seen = sees.observe(_looking(view), legal.codes, legal.points, legal.weights)
    numbers = at * columns + checked_symbols(sees, seen, len(view), columns)
    if found.asks is None:
        return np.asarray(found.flags[numbers])
    return _asked(found.asks, found.asks.asking.numbers[numbers], sees.queries, view, legal.points)


def _looking(view: DefenderBlock) -> DefenderBlock:
    """The view with coins of its own: an observation's are none that the flag or a question is drawn by."""
    apart = copy.copy(view)
    apart.keys = draws(view.keys, LOOKING, 1)[:, 0]
    apart.keys.setflags(write=False)
    return apart


def averaged(found: VariantEquilibrium, view: DefenderBlock) -> Floats:
    """How likely each (f', x') is flagged over what may be seen of it, (B,); views that no round has are flagged."""
    legal, game = found.legal, found.game
    N, F = legal.shape
    wanted = (_traces(found, view) * N + legal.place(view.X)) * F + legal.find(view.codes)
    places = np.minimum(np.searchsorted(game.seen.keys, wanted), len(game.seen.keys) - 1)
    return np.where(game.seen.keys[places] == wanted, (game.shown @ found.flags)[places], 1.0)


def _asked(plan: QueryPlan, groups: Indices, q: int, view: DefenderBlock, points: Points) -> Floats:
    """Asks q labels a round, x' again where the plan stops before, and looks up what it says then."""
    known, unseen, groups = plan.asking.states, groups < 0, np.maximum(groups, 0)
    here, going = np.zeros(len(view), dtype=np.int64), np.ones(len(view), dtype=np.bool_)
    for i in range(q):
        asked = plan.next_question(groups, here, fractions(view.keys, SPENT + i))
        going &= asked >= 0
        X = np.where(going[:, None], points[asked], view.X)
        labels = view.evaluate(np.ascontiguousarray(X[:, None, :]))[:, 0]
        here = np.where(going, known.after[here, asked, labels], here)
    return np.asarray(np.where(unseen, 1.0, plan.flags[groups, here]))


def _traces(found: VariantEquilibrium, view: DefenderBlock) -> Indices:
    """The number of what is revealed in each round, (B,)."""
    game, legal = view.game, found.legal
    if not isinstance(game, BackdoorGame) or game.reveal is None:
        return np.zeros(len(view), dtype=np.int64)
    assert view.trace is not None
    listed = _listed(game, legal.codes)
    numbers = {row.tobytes(): int(t) for row, t in zip(listed, found.game.traces, strict=True)}
    return np.array([numbers[row.tobytes()] for row in np.ascontiguousarray(view.trace)], dtype=np.int64)


def _listed(game: BackdoorGame, codes: Codes) -> Trace:
    """What is revealed where these are the originals (F, L)."""
    assert game.reveal is not None
    coins = np.zeros((len(codes), 3), dtype=np.uint64)
    return game.reveal.trace_block(AttackerRun(game.functions, codes, coins, ((),) * len(codes)))


def check_traces(game: GameLike, who: str) -> None:
    """Refuse a game whose traces more than f decides: a defender looks them up by f.

    Raises
    ------
    MissingCapability
    """
    if not isinstance(game, BackdoorGame) or game.reveal is None:
        return
    first = game.functions.draw_members(np.zeros(1, dtype=np.uint64))
    if game.reveal.symbols(game.functions, first) is None or _listed(game, first).dtype == object:
        raise MissingCapability(
            f"{who} reads what f alone decides, such as Original(bits=4), not reveal={text(game.reveal)[:200]}"
        )
