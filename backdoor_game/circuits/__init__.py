"""The pack of circuits: graphs, classes of small ones, puncturable functions, obfuscators, and who plays with them."""

from ..ground.namespace import of_rooms

__getattr__ = of_rooms(__name__, "graphs", "classes", "puncturable", "obfuscators", "players")
