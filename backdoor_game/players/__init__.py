"""What players see, what they learn with, and the players of the backdoor game."""

from ..ground.namespace import of_rooms

__getattr__, __dir__ = of_rooms(__name__, "views", "learners", "walking", "picking", "attackers", "defenders")
