"""What people see of results: a dozen lines, one short line, a table for notebooks, rows for data frames, a picture."""

import builtins
import html.parser

import pytest

from backdoor_game import BackdoorGame, MissingCapability, estimate
from backdoor_game.cli import main
from backdoor_game.functions import AllFunctions, Thresholds
from backdoor_game.ground.results import Block, flattened
from backdoor_game.players.attackers import NearestLegal, NoAttack, Shattered
from backdoor_game.players.defenders import AlwaysClean, CoinFlip, NeighbourVote
from backdoor_game.spaces.distributions import Uniform

LINE = BackdoorGame(Thresholds(points=16), 1 / 8, Uniform())


@pytest.fixture(scope="module")
def found():
    return estimate(LINE, NearestLegal(), NeighbourVote(), rounds=2000, seed=1)


class Reader(html.parser.HTMLParser):
    """Tags and words of a page; a tag left open or closed twice is a mistake."""

    def __init__(self):
        super().__init__()
        self.tags, self.words, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_an_estimate_is_told_in_under_twenty_lines_as_the_command_tells_it(found, capsys):
    words = ["--functions", "Thresholds(points=16)", "--distribution", "Uniform()", "--epsilon", "1/8", "--quiet"]
    words += ["--attacker", "NearestLegal()", "--defender", "NeighbourVote()", "--rounds", "2000", "--seed", "1"]
    assert main(["estimate", *words]) == 0
    assert capsys.readouterr().out == f"{found}\n"
    assert 10 < len(str(found).splitlines()) < 20


def test_the_short_line_names_the_class_and_the_headline_numbers(found):
    said = repr(found)
    assert said.startswith("Estimate(")
    assert "\n" not in said
    assert len(said) < 120
    assert f"win_rate={found.win_rate:.4f}" in said
    assert "seed=1" in said
    assert repr(found.detection_rate).startswith("Interval(")


def test_a_notebook_s_table_is_small_escaped_and_without_script_or_colour(found):
    page = found._repr_html_()
    assert len(page) < 5000
    reader = read(page)
    assert set(reader.tags) <= {"table", "tr", "td", "th", "caption", "pre"}
    assert "color" not in page
    assert any(f"seed {found.seed}" in word for word in reader.words)
    hostile = Block([("<script>", "a & b")], ("<b>", '"'), "<i>", ["</table>"]).html()
    assert read(hostile).words == ["<i>", "<b>", '"', "<script>", "a & b", "</table>"]


def test_an_estimate_is_one_row_of_a_frame_with_its_own_numbers(found):
    frame = found.to_frame()
    assert frame.shape[0] == 1
    assert frame["win_rate"][0] == found.win_rate
    assert frame["false_alarm_rate.low"][0] == found.false_alarm_rate.low
    assert frame["spec.attacker"][0] == "NearestLegal()"
    assert flattened({"a": {"b": {"c": 1}}, "d": [2]}) == {"a.b.c": 1, "d": [2]}


def test_without_pandas_a_frame_is_refused_in_one_sentence(found, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.split(".")[0] == "pandas":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingCapability, match=r"needs pandas: pip install 'backdoor-game\[frames\]'") as refused:
        found.to_frame()
    assert "\n" not in str(refused.value)


def test_the_roc_curve_is_drawn_with_guessing_and_the_point_of_the_threshold(found):
    axes = found.plot()
    diagonal, curve, point = axes.get_lines()
    assert diagonal.get_xydata().tolist() == [[0, 0], [1, 1]]
    assert list(map(tuple, curve.get_xydata().tolist())) == list(found.roc)
    ((alarms, caught),) = point.get_xydata().tolist()
    # in rounds with a legal plant the score is half of what passes and half of what is caught
    assert (1 - alarms + caught) / 2 == pytest.approx(found.win_rate_given_plant, abs=1e-12)
    assert min(abs(alarms - a) + abs(caught - b) for a, b in found.roc) < 1e-12
    assert f"{found.auroc:.3f}" in curve.get_label()


def test_axes_that_are_given_are_drawn_on_and_returned(found):
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    assert found.plot(axes) is axes
    assert found.plot().get_figure() is not axes.get_figure()


@pytest.mark.parametrize(("attacker", "defender"), [(NoAttack(), AlwaysClean()), (NoAttack(), CoinFlip())])
def test_an_estimate_without_a_plant_has_no_roc_curve_and_says_so(attacker, defender):
    with pytest.raises(MissingCapability, match="no ROC curve"):
        estimate(LINE, attacker, defender, rounds=50, seed=1).plot()


def test_a_threshold_s_point_is_the_rate_of_both_branches_where_every_round_has_a_plant():
    found = estimate(BackdoorGame(AllFunctions(points=8), 1 / 8), Shattered(), CoinFlip(), rounds=500, seed=1)
    assert found.forfeits == found.illegal == found.undecided == 0
    assert found.threshold_point() == pytest.approx((found.false_alarm_rate.value, found.detection_rate.value))
