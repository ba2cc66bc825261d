"""The pack of trained models: data, models, backdoors that are planted in them, and five games about them."""

from ..ground.namespace import of_rooms

__getattr__, __dir__ = of_rooms(
    __name__,
    *("datasets", "keys", "networks", "features", "models", "views", "backdoors", "coins", "updates", "forgers"),
    *("detectors", "delegates", "games"),
    beside=("smoothing", "estimators"),
)
