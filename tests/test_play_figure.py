"""The picture of play: every digit, plant and weight where it belongs, and no words clipped or on each other."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    Conjunctions,
    Explicit,
    Intervals,
    InvalidArgument,
    Thresholds,
    Uniform,
    Weighted,
    solve,
)
from backdoor_game.figures import Mark, play_figure, play_plot, save_as
from tests.looking import faults

GAMES = {
    "10 points, 11 functions": BackdoorGame(Thresholds(points=10), "2/10", Uniform()),
    "16 x 16, several plants a cell": BackdoorGame(
        Explicit(np.random.default_rng(1).integers(2, size=(16, 16))), "7/16", Uniform()
    ),
    "weights": BackdoorGame(AllFunctions(points=3), 0.25, Weighted([0.2, 0.2, 0.6])),
    "bits, more functions": BackdoorGame(Conjunctions(bits=4), "1/8", Uniform()),
    "a cut": BackdoorGame(Intervals(points=12), "2/12", Uniform()),
    "two rows": BackdoorGame(Explicit(["01", "11"]), 0.5, Uniform()),
}


@pytest.mark.parametrize("name", GAMES)
def test_nothing_is_hidden_cut_off_or_on_other_words(name):
    play = solve(GAMES[name]).optimal_play()
    figure = play.figure()
    assert faults(figure) == []
    axes = figure.axes[0]
    cells = [text.get_text() for text in axes.texts]
    assert len(cells) >= len(play.functions) * len(play.points)
    key = " ".join(text.get_text() for legend in figure.legends for text in legend.get_texts())
    assert (play.cut() in " ".join(key.split())) or not play.cut()
    assert ("3 likeliest plants" in key) == (name == "16 x 16, several plants a cell")


def a_plot(**changed):
    given = {
        "labels": ["01", "11", "10"],
        "weights": [0.25, 0.75, 0.0],
        "shades": [[0.0, 1.0], [0.5, 0.25], [0.0, 0.0]],
        "marks": [Mark(0, 0, 1, 1.0), Mark(1, 0, 0, 0.25), Mark(1, 1, 2, 0.5)],
        "points": ["0", "1"],
    }
    return play_plot(**{**given, **changed})


def test_digits_circles_shades_and_bars_are_where_they_belong():
    axes = a_plot()
    cell_of = {}
    for text in axes.texts:
        x, f = text.get_position()
        cell_of.setdefault((round(f), round(x)), []).append(text.get_text())
    digits = {cell: words[0] for cell, words in cell_of.items()}
    assert digits == {(0, 0): "0", (0, 1): "1", (1, 0): "1", (1, 1): "1", (2, 0): "1", (2, 1): "0"}
    assert {cell: words[1:] for cell, words in cell_of.items() if words[1:]} == {
        (0, 0): ["2"],
        (1, 0): ["1"],
        (1, 1): ["3"],
    }
    sizes = [line.get_markersize() for line in axes.lines if line.get_marker() == "o"]
    areas = sorted(size**2 for size in sizes)
    assert [area / areas[-1] for area in areas] == pytest.approx([0.25, 0.5, 1.0])
    assert axes.collections[0].get_array().ravel().tolist() == [0.0, 1.0, 0.5, 0.25, 0.0, 0.0]
    bars = axes.child_axes[0]
    assert [bar.get_width() for bar in bars.patches] == [0.25, 0.75, 0.0]
    assert [text.get_text() for text in bars.texts] == ["0.25", "0.75"]
    assert axes.yaxis_inverted()


def test_the_circles_of_a_cell_stay_inside_it_and_apart():
    marks = [Mark(0, 0, 1, 0.4), Mark(0, 0, 2, 0.3), Mark(0, 0, 0, 0.2), Mark(1, 1, 0, 1.0)]
    shades = [[0.0] * 2] * 3
    figure = play_figure(["01", "11", "10"], [1, 0, 0], shades, marks, ["0", "1"], title="G")
    FigureCanvasAgg(figure).draw()
    axes = figure.axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    boxes = []
    for dot in dots:
        ((x, y),) = axes.transData.transform(np.column_stack([dot.get_xdata(), dot.get_ydata()]))
        half, column = dot.get_markersize() / 2 * figure.dpi / 72, round(dot.get_xdata()[0])
        left, right = (axes.transData.transform((column + side, 0))[0] for side in (-0.5, 0.5))
        assert left < x - half < x + half < right
        assert all(abs(x - v) >= half + other or abs(y - w) >= half + other for v, w, other in boxes)
        boxes.append((x, y, half))
    assert len(boxes) == 4


@pytest.mark.parametrize("shades", [[[0.0]], [[0.0] * 3] * 3])
def test_shades_of_another_shape_are_refused(shades):
    with pytest.raises(InvalidArgument, match=r"shades must have shape \(3, 2\), got"):
        a_plot(shades=shades)


def test_play_is_drawn_on_axes_that_are_given():
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    assert solve(GAMES["weights"]).optimal_play().plot(axes) is axes


def test_a_picture_is_of_the_kind_that_its_name_says_and_the_same_every_time(tmp_path):
    play = solve(GAMES["weights"]).optimal_play()
    (one,) = save_as(play.figure(), tmp_path / "one.png")
    (two,) = save_as(play.figure(), tmp_path / "two.PNG")
    (svg,) = save_as(play.figure(), tmp_path / "one.svg")
    assert (tmp_path / "one.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.PNG").read_bytes()
    assert b"<svg" in (tmp_path / "one.svg").read_bytes()
    assert [one, two, svg] == [str(tmp_path / name) for name in ("one.png", "two.PNG", "one.svg")]
    with pytest.raises(InvalidArgument, match=r"figure must be a file that ends in \.png or \.svg, got"):
        save_as(play.figure(), tmp_path / "one.pdf")
