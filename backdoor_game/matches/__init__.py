"""Matches as people play them: a game and two players, or their specs, to a result that stands on a scale."""

from .comparing import Comparison as Comparison
from .comparing import compare as compare
from .curves import Curve as Curve
from .curves import curve as curve
from .estimating import estimate as estimate
from .playing import Story as Story
from .playing import play as play
from .scaling import scale as scale
from .scaling import scaled as scaled
