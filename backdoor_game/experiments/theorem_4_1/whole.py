"""Theorem 4.1 whole: both directions and the phase diagram between them."""

from __future__ import annotations

import dataclasses

from ..shared.base import Report, Settings
from . import lower, phase, upper

NAME = "theorem-4.1"
TITLE = "Theorem 4.1: a class is defendable as far as its VC dimension allows, up to constants"


def run(settings: Settings) -> Report:
    """Run the three parts one after the other."""
    parts = (lower, upper, phase)
    reports = []
    for number, part in enumerate(parts):
        share = dataclasses.replace(
            settings,
            families=len(parts),
            progress=lambda done, total, number=number: settings.progress(number * total + done, len(parts) * total),
        )
        reports.append(part.run(share))
    return Report(
        NAME,
        TITLE,
        tuple(table for report in reports for table in report.tables),
        tuple(verdict for report in reports for verdict in report.verdicts),
        {report.name: report.points for report in reports},
        tuple(path for report in reports for path in report.files),
    )
