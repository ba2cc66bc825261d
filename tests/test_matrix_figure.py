"""The matrix of two lists of names: what it says, and that no words are clipped or lie on each other."""

import math

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from backdoor_game.figures import Panel, matrix_figure, save
from backdoor_game.ground.errors import InvalidArgument

SHORT = ["AlwaysClean()", "CoinFlip()"]
LONG = [f"DistillationEnsemble(learner=OneInclusion(limit={i}), members=15, examples=31)" for i in range(12)]
GAME = "functions=DirectSum(parts=[Thresholds(points=128), Singletons(points=64)]), epsilon=0.0078125"


def a_matrix(rows, columns, titles=("A game",), value=0.75, **more):
    panels = [Panel(title, [[value] * len(columns) for _ in rows]) for title in titles]
    words = {"title": "Win rate", "row_label": "defender", "column_label": "attacker", **more}
    return matrix_figure(panels, rows, columns, **words)


def names(labels):
    return [label.get_text() for label in labels]


def key(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_short_names_stand_beside_the_cells_first_row_on_top():
    figure = a_matrix(SHORT, ["NoAttack()"])
    axes = figure.axes[0]
    assert names(axes.get_yticklabels()) == SHORT
    assert names(axes.get_xticklabels()) == ["NoAttack()"]
    assert axes.yaxis_inverted()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("attacker", "defender")
    assert names(axes.texts) == ["0.750", "0.750"]
    assert key(figure) == []


def test_where_a_name_is_long_all_of_its_side_are_numbered_and_the_key_says_which_is_which():
    figure = a_matrix([LONG[0], "CoinFlip()"], SHORT)
    assert names(figure.axes[0].get_yticklabels()) == ["D1", "D2"]
    assert names(figure.axes[0].get_xticklabels()) == SHORT
    assert [" ".join(line.split()) for line in key(figure)] == [f"D1 {LONG[0]}", "D2 CoinFlip()"]


def test_a_name_without_end_is_cut_in_the_middle_and_the_key_says_so():
    (line, _, note) = key(a_matrix(["x" * 2500 + "y" * 2500, "CoinFlip()"], SHORT))
    letters = line.replace("\n", "").replace(" ", "")
    assert letters.startswith("D1xxx")
    assert letters.endswith("yyy")
    assert letters.count("…") == 1
    assert 290 <= len(letters) <= 302
    assert "names are cut" in note


def test_a_missing_number_is_a_dash_and_the_key_says_what_it_means():
    figure = matrix_figure(
        [Panel("G", [[0.25, math.nan]])], ["d"], ["a", "b"], title="", row_label="d", column_label="a", empty="none"
    )
    assert names(figure.axes[0].texts) == ["0.250", "–"]
    assert key(figure) == ["–  none"]


@pytest.mark.parametrize("value", [0.5, 1.0])
def test_the_words_in_a_cell_are_dark_on_light_and_light_on_dark(value):
    figure = a_matrix(["d"], ["a"], value=value)
    assert [text.get_color() for text in figure.axes[0].texts] == ["white" if value == 0.5 else "black"]


@pytest.mark.parametrize("values", [[[0.5]], [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]], [], [0.5, 0.5]])
def test_values_of_another_shape_are_refused(values):
    with pytest.raises(InvalidArgument, match=r"values of panel 'G' must have shape \(2, 2\), got"):
        matrix_figure([Panel("G", values)], SHORT, SHORT, title="", row_label="d", column_label="a")


LAYOUTS = {
    "one cell": (["CoinFlip()"], ["NoAttack()"], ("G",)),
    "names as long as may be": (["D" * 24] * 7, ["A" * 24] * 5, ("G",)),
    "many long names": (LONG, LONG, (GAME,)),
    "wide": (SHORT, [f"Attacker{i}()" for i in range(20)], (GAME,)),
    "several games": (SHORT, SHORT, (GAME, GAME * 3, "G", GAME)),
    "names without end": (["x" * 2000, "y"], ["z" * 900], (GAME * 10,)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_words_are_clipped_or_lie_on_each_other(layout):
    figure = a_matrix(*LAYOUTS[layout], title="Win rate of the defender, 20000 rounds a pair; best worst case first")
    FigureCanvasAgg(figure).draw()
    panels = figure.axes[:-1]
    bar = figure.axes[-1]
    straight = [
        figure._suptitle,
        bar.yaxis.label,
        *bar.get_yticklabels(),
        *(t for one in figure.legends for t in one.get_texts()),
    ]
    for axes in panels:
        straight += [*axes.texts, *axes.get_yticklabels(), axes.yaxis.label, axes.xaxis.label, axes._left_title]
    across = [label for axes in panels for label in axes.get_xticklabels()]
    straight += [label for label in across if not label.get_rotation()]
    boxes = [text.get_window_extent() for text in straight if text.get_text()]
    width, height = figure.bbox.width, figure.bbox.height
    for box in [*boxes, *(text.get_window_extent() for text in across)]:
        assert -0.5 <= box.x0 < box.x1 <= width + 0.5
        assert -0.5 <= box.y0 < box.y1 <= height + 0.5
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = (
                min(one.x1, other.x1) - max(one.x0, other.x0) <= 1 or min(one.y1, other.y1) - max(one.y0, other.y0) <= 1
            )
            assert apart
    # Turned names are parallel: they are apart where the distance across them is more than a line's height.
    for axes in panels:
        ends = [label.get_window_extent().x1 for label in axes.get_xticklabels()]
        for label, left, right in zip(axes.get_xticklabels(), ends, ends[1:], strict=False):
            tilt = math.radians(label.get_rotation())
            line = label.get_fontsize() / 72 * figure.dpi
            assert not tilt or (right - left) * math.sin(tilt) > line


@pytest.mark.parametrize(("rows", "columns", "games"), [(1, 1, 1), (2, 3, 1), (1, 1, 12), (2, 3, 12), (9, 9, 1)])
def test_a_cell_is_no_larger_than_its_words_need_and_no_smaller(rows, columns, games):
    figure = a_matrix([f"D{i}()" for i in range(rows)], [f"A{i}()" for i in range(columns)], ["G"] * games)
    FigureCanvasAgg(figure).draw()
    for axes in figure.axes[:-1]:
        box = axes.get_window_extent()
        assert 0.5 <= box.width / figure.dpi / columns <= 1.13
        assert 0.28 <= box.height / figure.dpi / rows <= 0.65


def test_a_matrix_gives_the_same_bytes_every_time(tmp_path):
    one, two = (save(a_matrix(LONG, SHORT), tmp_path, name) for name in ("one", "two"))
    for first, second in zip(one, two, strict=True):
        with open(first, "rb") as left, open(second, "rb") as right:
            assert left.read() == right.read()
