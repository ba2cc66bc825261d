"""Where inputs live, and where they come from."""

from ..ground.namespace import of_rooms

__getattr__, __dir__ = of_rooms(__name__, "domains", "distributions")
