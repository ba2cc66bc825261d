"""The lock that is held while files take their places: who ended the process in between would part a set."""

from __future__ import annotations

import threading

renaming = threading.RLock()
