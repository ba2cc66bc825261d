"""The pack of exact play: the value of a finite game, best replies, and players that hold tables."""

from ..ground.namespace import of_rooms

__getattr__, __dir__ = of_rooms(
    __name__,
    "finite",
    "density",
    "variants",
    "averaging",
    "climbing",
    "players",
    "responses",
    "minimax",
    "solving",
    "frontier",
)
