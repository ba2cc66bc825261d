"""Matches as people play them: a game and two players, or their specs, to a result that stands on a scale."""

from .estimating import estimate as estimate
