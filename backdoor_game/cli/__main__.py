"""``python -m backdoor_game.cli`` is the same as ``backdoor-game``."""

from . import run

run()
