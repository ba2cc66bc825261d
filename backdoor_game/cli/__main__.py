"""``python -m backdoor_game.cli`` is the same as ``backdoor-game``."""

import sys

from . import main

sys.exit(main())
