"""Figures: what they say, and that they say it the same way every time."""

import math
import pathlib
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from backdoor_game.figures import Line, Series, curve_figure, heat_map, loglog_figure, save
from backdoor_game.figures.style import COLOURS, MARKERS
from backdoor_game.ground.errors import InvalidArgument

X = (1 / 16, 1 / 8, 1 / 4)
ONE = Series("ensemble", X, (0.8, 0.5, 0.5), (0.78, 0.48, 0.47), (0.82, 0.52, 0.52))
TWO = Series("coin", X, (0.8, 0.5, 0.5), (0.78, 0.48, 0.47), (0.82, 0.52, 0.52))
THEORY = Line("bound", (0.05, 0.125, 0.125, 0.125, 0.3), (0.9, 0.56, math.nan, 0.5, 0.5))


def a_curve(**more):
    words = {"title": "A title", "xlabel": "ε (probability)", "interval": "95% intervals"}
    return curve_figure([ONE, TWO], [THEORY], **words, **more)


def legend_of(figure):
    (legend,) = figure.legends
    return legend.get_title().get_text(), [text.get_text() for text in legend.get_texts()]


def line_called(axes, label):
    return next(line for line in axes.lines if line.get_label() == label)


def test_a_curve_has_its_title_and_its_axes_with_units():
    (axes,) = a_curve().axes
    assert axes.get_title(loc="left") == "A title"
    assert axes.get_xlabel() == "ε (probability)"
    assert axes.get_ylabel() == "win rate of the defender (probability)"


def test_the_legend_names_series_theory_and_interval():
    title, entries = legend_of(a_curve(guessing=True))
    assert "95% intervals" in title
    assert set(entries) == {"ensemble", "coin", "bound", "blind guessing, 1/2"}


def test_theory_is_dashed_and_breaks_at_its_jump():
    (axes,) = a_curve().axes
    line = line_called(axes, "bound")
    assert line.is_dashed()
    assert np.isnan(line.get_ydata()).sum() == 1


def test_every_series_has_bars_and_a_marker_and_colour_of_its_own():
    many = [Series(f"series {i}", X, ONE.y, ONE.low, ONE.high) for i in range(7)]
    (axes,) = curve_figure(many, title="", xlabel="", interval="95%").axes
    bars = [item for item in axes.collections if isinstance(item, LineCollection)]
    drawn = [container.lines[0] for container in axes.containers]
    assert len(bars) == len(drawn) == 7
    assert len({line.get_marker() for line in drawn}) == len({line.get_color() for line in drawn}) == 7
    assert len(set(COLOURS)) >= 7
    assert len(set(MARKERS)) >= 7


def test_points_at_one_x_are_drawn_side_by_side_but_keep_their_data():
    figure = a_curve()
    (axes,) = figure.axes
    first, second = (container.lines[0] for container in axes.containers)
    assert list(first.get_xdata()) == list(second.get_xdata()) == list(X)
    places = [line.get_transform().transform((X[1], 0.5))[0] for line in (first, second)]
    truth = axes.transData.transform((X[1], 0.5))[0]
    assert places[0] < truth < places[1]
    assert sum(places) / 2 == pytest.approx(truth)


def test_the_axes_hold_every_bar_that_was_moved():
    wide = Series("wide", X, (0.5, 0.5, 0.5), (0.1, 0.2, 0.3), (0.97, 0.8, 0.9))
    (axes,) = curve_figure([wide], title="", xlabel="").axes
    low, high = axes.get_ylim()
    assert low < 0.1 < 0.97 < high


def test_axes_can_be_logarithmic():
    (axes,) = a_curve(log_x=2, log_y=10).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")


def test_the_slopes_of_power_laws_stand_in_the_legend_with_dashed_references():
    eps = [2.0**-k for k in range(5, 11)]
    single = Series("single", eps, [e**0.5 for e in eps])
    ensemble = Series("ensemble", eps, [3 * e for e in eps])
    figure = loglog_figure([single, ensemble], (0.5, 1.0), title="Loss", interval="99% intervals")
    (axes,) = figure.axes
    assert set(legend_of(figure)[1]) == {
        "single: fitted slope 0.50",
        "ensemble: fitted slope 1.00",
        "slope 1/2",
        "slope 1",
    }
    half, whole = line_called(axes, "slope 1/2"), line_called(axes, "slope 1")
    assert half.is_dashed()
    assert whole.is_dashed()
    for line, slope, curve in ((half, 0.5, single), (whole, 1.0, ensemble)):
        x, y = np.log(line.get_xdata()), np.log(line.get_ydata())
        assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(slope)
        assert y[0] == pytest.approx(math.log(min(curve.y)))


def test_a_heat_map_prints_few_cells_and_lays_epsilon_equal_one_over_d_on_top():
    values = np.array([[0.9, 0.8, 0.5], [0.7, math.nan, 0.5]])
    figure = heat_map([2, 4, 8], [1 / 16, 1 / 4], values, title="Phases")
    axes, bar = figure.axes
    assert sorted(text.get_text() for text in axes.texts) == ["0.50", "0.50", "0.70", "0.80", "0.90"]
    assert bar.get_ylabel() == "win rate of the defender (probability)"
    curve = line_called(axes, "ε = 1/d")
    assert curve.is_dashed()
    assert np.allclose(curve.get_xdata() * curve.get_ydata(), 1)
    assert legend_of(figure)[1] == ["ε = 1/d"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["1/16", "1/4"]


def test_a_heat_map_of_many_cells_prints_none():
    n = 20
    figure = heat_map(range(1, n + 1), range(1, n + 1), np.full((n, n), 0.7), title="")
    assert not figure.axes[0].texts


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Series("s", (1, 2), (1,)),
        lambda: Series("s", (1, 2), (1, 2), low=(0, 1)),
        lambda: Line("l", (1, 2), (1, 2, 3)),
        lambda: heat_map([1, 2], [1, 2], np.zeros((2, 3)), title=""),
        lambda: heat_map([2, 1], [1, 2], np.zeros((2, 2)), title=""),
        lambda: heat_map([0, 1], [1, 2], np.zeros((2, 2)), title=""),
    ],
)
def test_data_that_do_not_fit_together_are_refused(wrong):
    with pytest.raises(InvalidArgument):
        wrong()


def test_figures_are_saved_as_png_and_svg_and_nothing_else(tmp_path):
    paths = save(a_curve(), tmp_path / "new", "curve")
    assert paths == tuple(str(tmp_path / "new" / f"curve.{kind}") for kind in ("png", "svg"))
    png, svg = ((tmp_path / "new" / f"curve.{kind}").read_bytes() for kind in ("png", "svg"))
    assert png.startswith(b"\x89PNG")
    assert svg.startswith(b"<?xml")
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_png_has_200_dots_an_inch(tmp_path):
    from matplotlib.image import imread

    figure = a_curve()
    path = save(figure, tmp_path, "curve")[0]
    height, width = imread(path).shape[:2]
    assert [width, height] == pytest.approx(200 * figure.get_size_inches(), abs=1)


def test_the_same_data_give_the_same_bytes_whatever_the_settings_of_the_user(tmp_path):
    first = [pathlib.Path(path).read_bytes() for path in save(a_curve(), tmp_path, "one")]
    with matplotlib.rc_context({"font.size": 20, "axes.grid": False, "svg.hashsalt": "other", "savefig.dpi": 50}):
        second = [pathlib.Path(path).read_bytes() for path in save(a_curve(), tmp_path, "two")]
    assert first == second


def test_plotting_changes_no_setting_of_matplotlib(tmp_path):
    before = dict(matplotlib.rcParams)
    save(a_curve(), tmp_path, "one")
    assert dict(matplotlib.rcParams) == before


def test_figures_are_imported_without_matplotlib_and_drawn_without_pyplot(tmp_path):
    code = """
import sys
from backdoor_game.figures import Series, curve_figure, save
assert "matplotlib" not in sys.modules
save(curve_figure([Series("s", (1, 2), (3, 4))], title="t", xlabel="x"), sys.argv[1], "x")
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)
