"""The value of a class over all distributions: a proved interval, from every vertex or by spatial branch and bound."""

from .interval import CertifiedInterval, certified_interval

__all__ = ["CertifiedInterval", "certified_interval"]
