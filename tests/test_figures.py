"""Figures: what they say, and that they say it the same way every time."""

import math
import os
import pathlib
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from backdoor_game.figures import (
    Line,
    Panel,
    Series,
    before_after_figure,
    curve_figure,
    heat_map,
    loglog_figure,
    matrix_figure,
    save,
)
from backdoor_game.figures.saving import check_drawing
from backdoor_game.figures.style import COLOURS, MARKERS
from backdoor_game.ground.errors import InvalidArgument, MissingCapability
from backdoor_game.ground.files import gathered

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


@pytest.mark.parametrize("backend", ["nonsense", "module://no_such_module.backend_inline", ""])
def test_a_backend_of_the_environment_that_is_none_here_stops_no_figure(tmp_path, backend):
    code = f"""
import os
from backdoor_game.figures import Series, curve_figure, save
print(*save(curve_figure([Series("a", [1, 2], [0.5, 0.6])], title="t", xlabel="x"), {str(tmp_path)!r}, "c"))
assert os.environ["MPLBACKEND"] == {backend!r}
"""
    environment = {**os.environ, "MPLBACKEND": backend}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == ([str(tmp_path / "c.png"), str(tmp_path / "c.svg")], "")


def test_a_backend_that_there_is_stays_the_users():
    code = "from backdoor_game.figures.style import look; look(); import matplotlib; print(matplotlib.get_backend())"
    environment = {**os.environ, "MPLBACKEND": "svg"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "svg\n"


FORMULA = "a$b_{c$d"  # between two dollars, and no formula


@pytest.mark.parametrize(
    "draw",
    [
        lambda: curve_figure([Series(FORMULA, X, X)], [Line(FORMULA, X, X)], title=FORMULA, xlabel=FORMULA),
        lambda: loglog_figure([Series(FORMULA, X, X)], title=FORMULA),
        lambda: heat_map([1, 2], [1, 2], np.eye(2), title=FORMULA, colour_label=FORMULA, line=Line(FORMULA, X, X)),
        lambda: before_after_figure([FORMULA], [1], [2], [FORMULA], title=FORMULA, xlabel=FORMULA),
        lambda: matrix_figure(
            [Panel(FORMULA, [[0.5]])], [FORMULA], [FORMULA], title=FORMULA, row_label=FORMULA, column_label=FORMULA
        ),
        lambda: matrix_figure(
            [Panel("p", [[0.5]])], [9 * FORMULA], ["c"], title="t", row_label="row", column_label="column"
        ),
    ],
    ids=["curve", "log-log", "heat map", "before and after", "matrix", "matrix with a key"],
)
def test_dollars_in_names_are_drawn_as_they_stand(tmp_path, draw):
    from matplotlib.text import Text

    figure = draw()
    save(figure, tmp_path, "x")
    shown = [one for one in figure.findobj(Text) if "b_{c" in one.get_text()]
    assert shown != []
    for one in shown:
        words, kind = one._preprocess_math(one.get_text())
        assert kind is False
        assert "a$b_{c$d" in words.replace("\n", "")


def test_a_figure_that_cannot_be_drawn_costs_a_run_that_figure_alone(tmp_path, monkeypatch):
    figure = a_curve()

    def broken(*_, **__):
        raise RuntimeError("no fonts\nat all")

    monkeypatch.setattr(type(figure), "savefig", broken)
    with pytest.raises(RuntimeError):
        save(figure, tmp_path, "x")
    with gathered() as waiting:
        assert save(figure, tmp_path, "x") == ()
    assert waiting.lost == ["figure x cannot be drawn: RuntimeError: no fonts"]
    with pytest.raises(MissingCapability, match="figures cannot be drawn: RuntimeError: no fonts: mend"):
        check_drawing()


def test_drawing_is_tried_without_leaving_anything(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_drawing()
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_says_nothing_anywhere_is_not_in_the_legend():
    nothing = Line("vacuous", X, (math.nan, math.nan, 0.5))
    words = {"title": "A title", "xlabel": "ε", "interval": "95% intervals"}
    assert "vacuous" not in legend_of(curve_figure([ONE], [nothing, THEORY], **words))[1]
    assert "vacuous" in legend_of(curve_figure([ONE], [Line("vacuous", X, (math.nan, 0.6, 0.5))], **words))[1]
