"""A trigger law between those of the package: the attacker picks f with several triggers before its eyes."""

from __future__ import annotations

from dataclasses import dataclass

from backdoor_game import TriggerLaw


@dataclass(frozen=True)
class Preview(TriggerLaw):
    """`several` triggers from D; the attacker sees them, then picks f, one of them, and f*."""

    several: int = 2
    before_original = True

    @property
    def draws(self):
        return self.several

    def offered(self, distribution, keys):
        return distribution.sample_block(keys, 0, self.several)

    def offers(self, points, weights):
        return None
