"""All plotting: figures for papers, colour-blind safe, built without pyplot and saved in one step each."""

from .axes import curve_plot, given_or_new, rates_figure, rates_plot, roc_plot
from .before_after import before_after_figure
from .curve import curve_figure
from .data import Line, Series
from .heat_map import heat_map
from .loglog import loglog_figure
from .matrix import Panel, matrix_figure, matrix_plot
from .play import Mark, play_figure, play_plot
from .rows import rows_figure
from .saving import save, save_as
from .steps import steps_figure, steps_plot

__all__ = [
    "Line",
    "Mark",
    "Panel",
    "Series",
    "before_after_figure",
    "curve_figure",
    "curve_plot",
    "given_or_new",
    "heat_map",
    "loglog_figure",
    "matrix_figure",
    "matrix_plot",
    "play_figure",
    "play_plot",
    "rates_figure",
    "rates_plot",
    "roc_plot",
    "rows_figure",
    "save",
    "save_as",
    "steps_figure",
    "steps_plot",
]
