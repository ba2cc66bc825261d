"""Figures as a reader sees them: nothing hidden, cut off or on top of each other, and every name as it is typed."""

import logging
import math
import warnings

import matplotlib
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from backdoor_game.figures import (
    Line,
    Panel,
    Series,
    before_after_figure,
    curve_figure,
    heat_map,
    loglog_figure,
    matrix_figure,
    rates_figure,
    rows_figure,
    save,
    words,
)
from backdoor_game.figures.style import COLOURS, MARKERS
from tests.looking import faults, hidden_markers, legends_on_data, markers, panels, words_cut_off, words_on_words

SPEC = "DistillationEnsemble(learner=OneInclusion(limit=64), members=255, examples=31, threshold=0.125)"
WORDS = {"title": "What is seen", "xlabel": "ε, the largest legal distance of f and f* (probability)"}


def crowd(many, x, y=0.75, half=0.1):
    """Series whose points and bars all lie at one height."""
    return [Series(f"series {i}", x, [y] * len(x), [y - half] * len(x), [y + half] * len(x)) for i in range(many)]


CURVES = {
    "many series at few x": (crowd(7, (0.1, 0.2, 0.3)), {}),
    "more x than there is room beside each other": (crowd(4, np.linspace(0, 1, 30)), {}),
    "powers": (crowd(5, [2.0**-k for k in range(12)]), {"log_x": 2}),
    "points that must stay at their x": (crowd(8, (0.1, 0.2, 0.3)), {"dodge": False}),
    "two that touch and one far off": ([*crowd(2, (0.5,)), *crowd(1, (0.5,), 0.1)], {"dodge": False, "log_x": 10}),
    "nearly one x": ([*crowd(1, (0.1, 0.5)), *crowd(2, (0.1001, 0.5))], {}),
    "one point": (crowd(1, (0.3,)), {"y_range": (0.0, 1.0)}),
    "heights over less than a power": (crowd(2, (1, 2, 3), 0.5, 0.2), {"log_y": 10}),
    "long names": ([Series(f"{SPEC[:-1]}, seed={i})", (1, 2), (0.5, 0.5)) for i in range(6)], {}),
    "long names in panels": (
        [Series(f"{SPEC[:-1]}, seed={i})", (1, 2), (0.5, 0.5)) for i in range(5)],
        {"dodge": False},
    ),
    "long words at the side": (
        crowd(3, (1, 2)),
        {"dodge": False, "ylabel": "win rate of the defender (probability) " * 3},
    ),
}


@pytest.mark.parametrize("what", CURVES)
def test_no_curve_hides_a_marker_or_lays_words_on_words_or_cuts_them_off(what):
    series, more = CURVES[what]
    lines = [Line("proved", (0.1, 0.9), (0.6, 0.7)), Line("of one", (0.1, 0.9), (0.7, 0.8), like=series[0].label)]
    figure = curve_figure(series, lines, interval="simultaneous 99% intervals", guessing=True, **WORDS, **more)
    assert faults(figure) == []
    assert sum(len(markers(axes)) for axes in panels(figure)) == sum(len(one.x) for one in series)


def test_points_stay_together_where_they_can_and_have_panels_where_they_cannot():
    together = curve_figure(CURVES["many series at few x"][0], **WORDS)
    assert len(panels(together)) == 1
    apart = curve_figure(CURVES["points that must stay at their x"][0], dodge=False, **WORDS)
    assert len(panels(apart)) == 8
    heads = [axes.get_title(loc="left") for axes in panels(apart)]
    assert heads == [f"series {i}" for i in range(8)]


def test_a_line_of_one_series_is_in_its_panel_alone_and_in_the_legend_once():
    series = crowd(3, (0.1, 0.2))
    lines = [Line("all", (0, 1), (0.5, 0.9)), Line("mine", (0, 1), (0.6, 0.6), like="series 1")]
    figure = curve_figure(series, lines, dodge=False, **WORDS)
    drawn = [
        [line.get_label() for line in axes.lines if line.get_label() in ("all", "mine")] for axes in panels(figure)
    ]
    assert drawn == [["all"], ["all", "mine"], ["all"]]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["all", "mine"]


def test_other_pictures_hide_nothing_either():
    rows = [f"{SPEC[:-1]}, seed={i})" for i in range(9)]
    ends = [0.4] * 9, [0.6] * 9
    two = [Series("first", range(9), [0.5] * 9, *ends), Series("second", range(9), [0.5] * 9, *ends)]
    steep = [Series(f"s{i}", [2.0**-k for k in range(1, 9)], [2.0**-k for k in range(1, 9)]) for i in range(3)]
    values = np.full((6, 5), 0.5)
    title = "Win rates of nine ensembles against the nearest legal plant, 4000 rounds"
    every = [
        rates_figure(rows, [(0.5, 0.4, 0.6)] * 9, title=title, bars="95%", blind=0.8),
        rows_figure(rows, two, {"none": 0.0, "all": 1.0}, title=title, xlabel="advantage", interval="95%"),
        loglog_figure(steep, (0.5, 1.0), title="Loss"),
        heat_map([2, 4, 8, 16, 32], [2.0**-k for k in range(6, 0, -1)], values, title="Phases"),
        before_after_figure(
            rows, [0.0] * 9, [0.0, 1.0] * 4 + [0.0], ["1 to 2"] * 9, title=title, xlabel="deviations"
        ),
        matrix_figure(
            [Panel("G", values)], rows[:6], rows[:5], title="Win rate", row_label="defender", column_label="a"
        ),
    ]
    for figure in every:
        assert faults(figure) == []


# Controls: each fault is seen


def test_a_marker_under_another_is_seen():
    figure = Figure(figsize=(5, 4))
    axes = figure.add_subplot()
    for label, y in (("one", 0.5), ("other", 0.505)):
        axes.errorbar([1.0, 2.0], [y, 2 * y], label=label, marker="o", markersize=6, linestyle="none")
    assert any("'one' and one of 'other'" in fault for fault in hidden_markers(figure))


def test_words_that_are_cut_off_or_lie_on_others_are_seen():
    figure = Figure(figsize=(5, 4))
    figure.text(0.9, 0.5, "a long label that leaves the page")
    figure.text(0.1, 0.2, "some words")
    figure.text(0.15, 0.2, "other words")
    found = faults(figure)
    assert list(words_cut_off(figure)) == ["'a long label that leaves the page' is cut off"]
    assert list(words_on_words(figure)) == ["'some words' lies on 'other words'"]
    assert len(found) == 2


def test_a_legend_on_data_is_seen():
    figure = Figure(figsize=(5, 4))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], label="a line")
    axes.legend()
    assert faults(figure)[-1] == "a legend covers data"
    assert list(legends_on_data(figure)) == ["a legend covers data"]


# One colour for one name over a sheet


def test_a_label_or_key_keeps_its_colour_and_marker_all_over_a_sheet():
    sheet = ["a", "b", "c"]
    first = curve_figure([Series("a", (1, 2), (0.1, 0.2)), Series("c", (1, 2), (0.5, 0.6))], sheet=sheet, **WORDS)
    second = curve_figure(
        [Series("c: exact", (1, 2), (0.5, 0.6), key="c"), Series("new", (1, 2), (0, 1))], sheet=sheet, **WORDS
    )

    def looks(figure):
        return {
            one.get_label(): (one.lines[0].get_color(), one.lines[0].get_marker())
            for axes in figure.axes
            for one in axes.containers
        }

    assert looks(first) == {"a": (COLOURS[0], MARKERS[0]), "c": (COLOURS[2], MARKERS[2])}
    assert looks(second) == {"c: exact": (COLOURS[2], MARKERS[2]), "new": (COLOURS[3], MARKERS[3])}


# Names as they are typed

TYPED = ["$x_1^2$", r"_hidden(a\alpha{b}, 100%_of $)", "^_^ Größe(ε=1/8) שלום \\frac{1}{2"]


def texts(figure):
    return [one.get_text() for one in figure.findobj(Text)]


def drawn_as(names):
    """Every kind of figure with these names in each place that takes any."""
    series = [Series(name, (1, 2), (i, i + 0.5), (i, i), (i + 1, i + 1)) for i, name in enumerate(names)]
    square = [[0.5] * len(names)] * len(names)
    some = {"title": names[0], "xlabel": names[1]}
    yield curve_figure(series, [Line(names[0], (1, 2), (0, 1))], ylabel=names[2], interval=names[3], **some)
    yield curve_figure([*series, *series[:1]], dodge=False, **some)
    yield rows_figure(names, [Series("s", range(len(names)), range(len(names)))], {names[3]: 1.0}, **some)
    yield before_after_figure(names, [0] * len(names), [1] * len(names), names, **some)
    labels = {"row_label": names[1], "column_label": names[2], "colour_label": names[3], "notes": names}
    yield matrix_figure([Panel(names[0], square)], names, names, title=names[3], **labels)
    yield heat_map([1, 2], [1, 2], [[0.5, 0.6]] * 2, ylabel=names[2], colour_label=names[3], **some)


@pytest.mark.parametrize("typed", TYPED)
def test_every_name_is_drawn_as_it_is_typed(typed, recwarn, caplog):
    for figure in drawn_as([f"{typed}{i}" for i in range(4)]):
        with caplog.at_level(logging.WARNING):
            assert faults(figure) == []
        shown = [one for one in figure.findobj(Text) if typed in one.get_text()]
        assert shown
        assert not any(one.get_parse_math() for one in shown)
    assert not recwarn.list
    assert not caplog.records


@pytest.fixture
def made_font(tmp_path):
    """A font of one's own in which 囧 is a square, and nothing else is anything; taken away again."""
    builder = FontBuilder(1000, isTTF=True)
    pen = TTGlyphPen(None)
    for place, step in (((0, 0), pen.moveTo), ((0, 700), pen.lineTo), ((700, 700), pen.lineTo), ((700, 0), pen.lineTo)):
        step(place)
    pen.closePath()
    square = pen.glyph()
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord("囧"): "square"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": square})
    builder.setupHorizontalMetrics({".notdef": (800, 0), "square": (800, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    path = tmp_path / "squares.ttf"
    builder.save(path)
    forget()
    before = list(fontManager.ttflist)
    fontManager.addfont(path)
    yield "Squares"
    fontManager.ttflist[:] = before
    forget()


def forget():
    for one in (words._font_with, words._installed, words._letters):
        one.cache_clear()


def test_letters_that_no_font_has_are_escaped_and_nobody_is_warned(tmp_path, monkeypatch, capfd, caplog):
    monkeypatch.setattr(words, "_installed", tuple)
    forget_letters = words._font_with.cache_clear
    forget_letters()
    names = [f"我的{i}\U0001f9e0\udc80\t.py:Mine()" for i in range(4)]
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        for number, figure in enumerate(drawn_as(names)):
            if number == 0:
                save(figure, tmp_path, "figure")
            assert faults(figure) == []
            shown = " ".join(texts(figure)).replace("\n", "")
            assert r"\u6211\u7684" in shown
            assert "我" not in shown
    forget_letters()
    assert words.spelled("\U0001f9e0\udc80\t\n") == "\\U0001f9e0\\udc80\\x09\n"
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_letters_that_an_installed_font_has_are_drawn_in_it(made_font, tmp_path, caplog):
    names = [f"囧{i}.py:Mine()" for i in range(4)]
    before = dict(matplotlib.rcParams)
    assert words.families(["plain"]) == ["DejaVu Sans"]
    assert words.families(names) == ["DejaVu Sans", made_font]
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        for number, figure in enumerate(drawn_as(names)):
            if number == 0:
                save(figure, tmp_path, "figure")
            assert faults(figure) == []
            assert any("囧" in text for text in texts(figure))
    assert not caplog.records
    assert dict(matplotlib.rcParams) == before


def test_a_name_without_end_is_cut_in_the_middle_with_a_note_and_a_long_one_is_wrapped():
    ends = f"{'x' * 900}{'y' * 900}"
    figure = curve_figure([Series(ends, (1, 2), (0, 1)), Series(SPEC, (1, 2), (1, 2))], **WORDS)
    (legend,) = figure.legends
    cut, whole = (text.get_text() for text in legend.get_texts())
    assert "x…y" in cut.replace("\n", "").replace(" ", "")
    assert "".join(whole.split()) == "".join(SPEC.split())
    assert "names are cut" in legend.get_title().get_text()
    assert faults(figure) == []


@pytest.mark.parametrize(("typed", "most"), [("a" * 100, 20), ("中" * 100, 21), ("short", 20)])
def test_a_cut_name_keeps_its_ends_within_its_width(typed, most):
    found = words.cut(typed, most)
    assert words.width(found) <= most
    assert (found == typed) == (words.width(typed) <= most)
    assert (found[0], found[-1]) == (typed[0], typed[-1])


def test_wrapped_words_lose_no_letter_and_break_behind_punctuation():
    for letters in (8, 20, 40):
        lines = words.wrapped(SPEC, letters).split("\n")
        assert "".join(lines).replace(" ", "") == SPEC.replace(" ", "")
        assert all(words.width(line) <= letters for line in lines)
    assert words.wrapped("A(b=1, c=22), d = 3", 16) == "A(b=1, c=22),\nd = 3"


def test_wide_letters_count_for_more_than_narrow_ones():
    assert words.width("i" * 10) < words.width("n" * 10) < words.width("W" * 10) < 2 * words.width("n" * 10)
    assert words.width("中" * 10) == 20
    assert words.width("e\u0301") == words.width("e")
    figure = curve_figure([Series("W" * 90, (1, 2), (0, 1)), Series("i" * 90, (1, 2), (1, 2))], **WORDS)
    assert faults(figure) == []


def test_a_logarithmic_axis_has_two_ticks_with_words_at_least():
    for x in ((0.16, 0.3), (0.3,), (2, 1024), (0.001, 0.5)):
        for base in (2, 10):
            figure = curve_figure([Series("s", x, [0.5] * len(x))], log_x=base, **WORDS)
            assert faults(figure) == []
            low, high = figure.axes[0].get_xlim()
            ticks = [t for t in figure.axes[0].xaxis.get_major_ticks() if low <= t.get_loc() <= high]
            assert sum(bool(tick.label1.get_text()) for tick in ticks) >= 1 + (len(x) > 1)


def test_a_row_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="number of one of 2 rows"):
        rows_figure(["a", "b"], [Series("s", (0, 2), (1, 1))], title="", xlabel="")


def test_marks_and_names_of_rows_stand_where_they_belong():
    figure = rows_figure(["top", "end"], [Series("s", (0, 1), (0.25, 0.75))], {"zero": 0.0}, title="", xlabel="x")
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["top", "end"]
    assert axes.yaxis_inverted()
    (container,) = axes.containers
    assert list(container.lines[0].get_xdata()) == [0.25, 0.75]
    assert [round(y) for y in container.lines[0].get_ydata()] == [0, 1]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["zero"]
    assert not math.isnan(axes.get_xlim()[0])
