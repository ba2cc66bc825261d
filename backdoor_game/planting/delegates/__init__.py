"""Delegates: whoever trains a model for someone else, in the game of delegation."""

from .base import Delegate, Task
from .commits_plant import CommitsPlant
from .grinds_seeds import GrindsSeeds
from .keeps_coins import KeepsCoins
from .own_coins import OwnCoins
from .plants_anyway import PlantsAnyway
from .rushes_committee import RushesCommittee

__all__ = [
    "CommitsPlant",
    "Delegate",
    "GrindsSeeds",
    "KeepsCoins",
    "OwnCoins",
    "PlantsAnyway",
    "RushesCommittee",
    "Task",
]
