"""What attackers answer, and how they pick where the game or the class leaves a choice."""

from .any_legal import choices, picked
from .pairs import drawn, offered_places, plant_counts, random_plant_law, random_plants

__all__ = ["choices", "drawn", "offered_places", "picked", "plant_counts", "random_plant_law", "random_plants"]
