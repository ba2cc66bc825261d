"""The pack of circuits: graphs, small classes, puncturable functions, obfuscators, players and a game."""

from ..ground.namespace import of_rooms

__getattr__, __dir__ = of_rooms(__name__, "graphs", "classes", "puncturable", "obfuscators", "players", "games")
