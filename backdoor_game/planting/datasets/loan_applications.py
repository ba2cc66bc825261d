"""Made-up loan applications: a table with columns that people fill in, and who pays back."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...ground import _validate
from .base import Dataset, Floats, Split

# Name, mean and standard deviation of each column, and its weight in who pays back.
COLUMNS = (
    ("age in years", 41.0, 11.0, 0.3),
    ("income a year", 52_000.0, 17_000.0, 1.2),
    ("loan amount", 24_000.0, 9_000.0, -0.9),
    ("term in months", 48.0, 15.0, -0.3),
    ("years at the employer", 6.5, 3.0, 0.7),
    ("years at the address", 7.0, 3.5, 0.3),
    ("savings", 14_000.0, 6_000.0, 0.9),
    ("monthly rent", 1_150.0, 350.0, -0.4),
    ("card balance", 3_200.0, 1_400.0, -0.7),
    ("card limit", 9_500.0, 3_500.0, 0.2),
    ("open accounts", 8.0, 3.0, 0.0),
    ("months since last inquiry", 9.0, 4.0, 0.2),
    ("payments made late", 3.0, 1.5, -1.0),
    ("share of income owed", 0.34, 0.11, -1.1),
    ("down payment", 4_100.0, 1_700.0, 0.4),
    ("car value", 8_800.0, 3_900.0, 0.1),
    ("children", 1.6, 0.8, 0.0),
    ("phone bill a month", 46.0, 14.0, 0.0),
    ("electricity bill a month", 88.0, 25.0, 0.0),
    ("distance to the branch", 12.0, 5.0, 0.0),
    ("minutes on the form", 17.0, 6.0, 0.0),
    ("words in the purpose", 34.0, 12.0, 0.0),
    ("cents of the loan amount", 50.0, 29.0, 0.0),
    ("day of the month", 15.5, 8.5, 0.0),
)


@dataclasses.dataclass(frozen=True, repr=False)
class LoanApplications(Dataset):
    """Synthetic applications in 24 columns, each standardised; label 1 is a loan that is paid back.

    Columns are jointly normal with a common factor; who pays back depends on a weighted sum, on income against the
    amount asked for, and on chance. No real person or bank is in it.

    Parameters
    ----------
    train, test : int
        Applications to train on and to judge by.
    norm : float
        Typical length of an input.
    """

    train: int = 2000
    test: int = 1000
    norm: float = 0.2
    dimension = len(COLUMNS)

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("LoanApplications.train", self.train, 2, 2**24)
        _validate.integer("LoanApplications.test", self.test, 1, 2**24)
        _validate.positive("LoanApplications.norm", self.norm, "such as 0.2, got 0.0")

    @property
    def scale(self) -> float:
        """What one standard deviation of a column is in an input."""
        return self.norm / float(np.sqrt(self.dimension))

    def split(self, rng: np.random.Generator) -> Split:
        count = self.train + self.test
        common = rng.standard_normal((count, 1))
        # columns correlate by 0.09, as those of one person do
        z = 0.3 * common + np.sqrt(1 - 0.3**2) * rng.standard_normal((count, self.dimension))
        weights = np.array([column[3] for column in COLUMNS])
        # a product that no linear score has, and noise: the best model is right on some 95%
        worth = (z * weights).sum(axis=1) + 0.4 * z[:, 1] * z[:, 2] + 0.4 * rng.standard_normal(count)
        X, y = self.scale * z, (worth >= 0).astype(np.uint8)
        return Split(X[: self.train], y[: self.train], X[self.train :], y[self.train :])

    def written(self, x: Floats) -> Floats:
        """An input (d,) in the units of its columns."""
        means, deviations = np.array([column[1] for column in COLUMNS]), np.array([column[2] for column in COLUMNS])
        return means + deviations * np.asarray(x) / self.scale
