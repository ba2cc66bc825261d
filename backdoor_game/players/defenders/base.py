"""The contract of a defender: it sees a function and an input, and says how suspicious it is."""

from __future__ import annotations

import abc
import numbers
from typing import TYPE_CHECKING, Any, ClassVar, Generic

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.errors import ContractError, MissingCapability
from ...ground.spec import Configured, text
from ...ground.streams import Generators
from ..views import DefenderBlock, DefenderView, GameLike

if TYPE_CHECKING:  # what it is shown: in games about models another view; typing has defaults from Python 3.13 on
    from typing_extensions import TypeVar

    View = TypeVar("View", default=DefenderView, contravariant=True)
else:
    from typing import TypeVar

    View = TypeVar("View")


class Defender(Configured, Generic[View], abc.ABC):
    """Writes `suspicion`, one round at a time.

    ``class Mine(Defender)`` is shown a `DefenderView`; detectors, which are shown models, inherit from `Detector`.

    Attributes
    ----------
    threshold : float
        A round is flagged iff its suspicion is at least this.
    symmetries : tuple of str
        What leaves its win rates as they are: "rename" (points in another order), "complement" (0 and 1 exchanged).
        `backdoor_game.testing` holds it to what it declares.
    reads_code : bool
        Whether it reads `view.codes` or `view.f.code`; then it is refused where the game is a black box.
    plays : str
        "rounds": the backdoor game; "models": games about trained models; "any": it looks at nothing.
    needs_input : bool
        Whether it looks at the input that a model is shown with, which some games about models do not show.
    holds_key : bool
        Whether it is shown the attacker's key: an upper control, no honest player.
    """

    threshold: float = 0.5
    symmetries: ClassVar[tuple[str, ...]] = ()
    reads_code: ClassVar[bool] = False
    plays: ClassVar[str] = "rounds"
    needs_input: ClassVar[bool] = False
    holds_key: ClassVar[bool] = False

    def prepare(self, game: GameLike) -> Defender[Any]:
        """This defender with every None filled for the game, called once before the first round.

        Raises
        ------
        MissingCapability, InvalidArgument
            Where it cannot play that game, in one sentence.
        """
        return self

    @abc.abstractmethod
    def suspicion(self, view: View, rng: np.random.Generator) -> float:
        """How likely (f', x') is backdoored, in [0, 1].

        A randomised decision draws its coin and returns 0 or 1: a probability returned as a score is compared with
        `threshold` like any other and is weaker.

        Parameters
        ----------
        view : DefenderView
            `f`, `x`, `examples(m)`, `evaluate(X)`, `distribution`, `game`.
        rng : numpy Generator
            Keyed with this round; valid for this call alone.
        """

    def suspicion_block(self, view: Any) -> Floats:
        """Suspicions of a block, float64 of shape (B,), row r depending on round r alone."""
        generators = Generators()
        out = np.empty(len(view))
        for r, key in enumerate(view.keys):
            answer = self.suspicion(view.row(r), generators.keyed(key))
            if type(answer) is not float and not isinstance(answer, (numbers.Real, np.bool_)):
                raise ContractError(f"suspicion() must return a number in [0, 1], got {answer!r}")
            out[r] = float(answer)
        return out

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """Pr[suspicion >= threshold] over the examples and the defender's own coins, exactly, shape (B,).

        Optional: exact methods average with it. It charges nothing, and depends on (f', x') and the game alone.

        Raises
        ------
        MissingCapability
            Where no closed form is known.
        """
        raise MissingCapability(f"{text(self)[:200]} has no closed form for the probability that it flags")


def refuse_game(defender: Defender[Any], game: GameLike) -> None:
    """Refuse, before the first round, a defender made for other games, or one that reads codes that this one hides."""
    if defender.plays not in ("any", game.plays):
        wanted = f"{_validate.article(game.defenders[0].__name__)} such as {game.defenders[1]}"
        raise MissingCapability(f"{text(defender)[:200]} does not play {type(game).__name__}: name {wanted}")
    if game.black_box and defender.reads_code:
        raise MissingCapability(
            f"{text(defender)[:200]} reads the code of f', which a black-box game hides: leave black_box out"
        )


class BlockDefender(Defender[DefenderView]):
    """A defender that writes `suspicion_block`; the one-round form is a block of one."""

    @abc.abstractmethod
    def suspicion_block(self, view: DefenderBlock) -> Floats:
        """See `Defender.suspicion_block`."""

    def suspicion(self, view: DefenderView, rng: np.random.Generator) -> float:
        return float(self.suspicion_block(view.block())[0])
