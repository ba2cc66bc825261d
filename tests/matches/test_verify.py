"""`verify`: each kind of saved result comes out again from what it says, and a changed digit is found and named."""

import copy
import json

import pytest

from backdoor_game import BackdoorGame, InvalidArgument, compare, curve, estimate, solve, verify
from backdoor_game.cli import main
from backdoor_game.exact.solving import DistributionSearch
from backdoor_game.functions import AllFunctions, Thresholds
from backdoor_game.ground.files import json_text
from backdoor_game.players.attackers import NearestLegal, Shattered
from backdoor_game.players.defenders import AlwaysFlag, CoinFlip, NeighbourVote
from backdoor_game.spaces.distributions import Uniform

OPEN = BackdoorGame(AllFunctions(points=8), 1 / 8)
GAME = ["--functions", "Thresholds(points=8)", "--distribution", "Uniform()", "--epsilon", "1/8"]
PLAYERS = ["--attacker", "NearestLegal()", "--defender", "NeighbourVote()"]
MODELS = "StaticDetection(RandomFourierFeatures(features=16, dimension=4), GaussianLinear(dimension=4))"
MODEL_PLAYERS = ["--game", MODELS, "--attacker", "CLWEBackdoor(k=4)", "--defender", "CoinFlip()"]
BRACES = ["--epsilon", "1/{n}", "--attacker", "Shattered()", "--defender", "CoinFlip()"]
WALKS = "BoltzmannResampling(steps=40)"
COMMANDS = {
    "estimate": ["estimate", *GAME, *PLAYERS, "--rounds", "300"],
    "literal": ["estimate", *GAME, *PLAYERS, "--rounds", "300", "--literal", "--level", "0.9"],
    "adaptive": ["estimate", *GAME, *PLAYERS, "--rounds", "1e6", "--half-width", "0.02"],
    "models": ["estimate", *MODEL_PLAYERS, "--rounds", "6"],
    "curve": [
        "curve",
        "--sweep",
        "epsilon=1/8,1/4",
        *GAME[:4],
        *PLAYERS,
        "--defender",
        "CoinFlip()",
        "--rounds",
        "200",
    ],
    "braces": ["curve", "--sweep", "n=4,8", "--functions", "AllFunctions(points={n})", *BRACES, "--rounds", "200"],
    "compare": ["compare", *GAME, *PLAYERS, "--defender", "CoinFlip()", "--rounds", "300"],
    "tournament": ["tournament", *GAME, *PLAYERS, "--defender", "CoinFlip()", "--rounds", "200"],
    "play": ["play", *GAME, *PLAYERS, "--round", "5"],
    "play models": ["play", *MODEL_PLAYERS],
    "solve": ["solve", *GAME, *PLAYERS, "--exact"],
    "sees": ["solve", *GAME, "--sees", "Queries(q=1)"],
    "search": ["solve", "--functions", "Thresholds(points=4)", "--epsilon", "1/4", "--steps", "5"],
    "mixing": ["mixing", "--functions", "Conjunctions(bits=4)", *GAME[2:], "--defender", WALKS, "--rounds", "8"],
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The JSON that each command prints."""
    import contextlib
    import io
    import os

    found, before = {}, os.getcwd()
    try:
        for name, words in COMMANDS.items():
            os.chdir(tmp_path_factory.mktemp(words[0]))
            quiet = [] if words[0] == "play" else ["--quiet"]
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                assert main([*words, "--seed", "3", "--json", *quiet]) == 0
            found[name] = json.loads(out.getvalue())
    finally:
        os.chdir(before)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_prints_comes_out_the_same_again(saved, name):
    found = verify(saved[name])
    assert found.same, str(found)
    assert found.kind == COMMANDS[name][0]
    assert found.fields > 10
    assert found.origins == ()


CHANGES = {
    "estimate": ["false_alarms", "low", "win_rate"],
    "literal": ["level", "win_rate"],
    "adaptive": ["high", "rounds"],
    "models": ["auroc", "detections"],
    "curve": ["points.1.value", "points.2.estimate.high", "points.0.text"],
    "braces": ["points.0.value", "points.1.estimate.rounds"],
    "compare": ["differences.0.low", "defenders.1.place", "seed"],
    "tournament": ["pairs.0.estimate.win_rate", "defender_ranking.0.place"],
    "play": ["calls.0.suspicion", "f_at_x_star", "round"],
    "play models": ["clean.suspicion"],
    "solve": ["value", "fraction", "exploitability.NearestLegal().value"],
    "search": ["upper", "points"],
    "mixing": ["acceptance", "chains"],
}


def changed(data, place):
    """The data with another last digit there."""
    data = copy.deepcopy(data)
    *path, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    inner = data
    for part in path:
        inner = inner[part]
    value = inner[last]
    if isinstance(value, str):
        inner[last] = value[:-1] + str((int(value[-1]) + 1) % 10)
    else:
        inner[last] = value + 1 if isinstance(value, int) else value * (1 + 2**-50) if value else 0.25
    return data


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, places in CHANGES.items() for place in places])
def test_a_changed_digit_fails(saved, name, place):
    """A result that was changed by hand differs in a number, or says what cannot be played."""
    try:
        found = verify(changed(saved[name], place))
    except InvalidArgument:
        return
    assert not found.same
    assert found.differences[0].saved != found.differences[0].again


def test_the_field_that_differs_is_named_with_both_values(saved):
    spoilt = changed(saved["curve"], "points.2.estimate.high")
    (one,) = verify(spoilt).differences
    assert one.field == "points[2].estimate.high"
    assert (
        one.saved
        == spoilt["points"][2]["estimate"]["high"]
        != one.again
        == saved["curve"]["points"][2]["estimate"]["high"]
    )
    said = str(verify(spoilt))
    assert "points[2].estimate.high" in said
    assert len(said.splitlines()) < 20
    assert repr(verify(spoilt)).startswith("Verification(curve, ")
    assert verify(spoilt).to_frame()["field"].tolist() == [one.field]


def test_results_themselves_and_their_dicts_are_verified():
    line = BackdoorGame(Thresholds(points=8), 1 / 8, Uniform())
    results = [
        estimate(line, NearestLegal(), NeighbourVote(), rounds=200, seed=1, records=True),
        estimate(line, NearestLegal(), NeighbourVote(), rounds=200, seed=1, scale=False),
        curve(line, NearestLegal(), NeighbourVote(), over={"functions.points": [8, 16]}, rounds=100, seed=1),
        compare(OPEN, Shattered(), [CoinFlip(), AlwaysFlag()], rounds=100, seed=1),
        solve(line),
        solve(BackdoorGame(Thresholds(points=4), 1 / 4), certify=True),
        solve(BackdoorGame(Thresholds(points=4), 1 / 4), search_distribution=DistributionSearch(steps=4, seed=9)),
    ]
    for one in results:
        assert verify(one).same
        assert verify(one.to_dict()).same


def test_exit_statuses_are_0_for_equal_1_for_different_2_for_no_result(saved, tmp_path, capsys):
    path = tmp_path / "result.json"
    path.write_text(json_text(saved["estimate"]))
    assert main(["verify", str(path), "--quiet"]) == 0
    assert "all are the same" in capsys.readouterr().out
    path.write_text(json_text(changed(saved["estimate"], "low")))
    assert main(["verify", str(path), "--quiet", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["field"] for one in told["differences"]] == ["low"]
    assert not told["same"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "must be what one of estimate, curve"),
        ("[1]", "one JSON object, got a list"),
        ("{", "must be JSON"),
        ("[" * 100_000, "must be JSON"),
        (None, "cannot be read: No such file"),
        ('{"win_rate": 1, "rounds": 1, "seed": 1, "level": 0.9, "mode": "literal", "spec": {}}', "no whole estimate"),
        ('{"win_rate": 1, "rounds": 1, "seed": 1, "level": 0.9, "mode": "literal", "spec": 7}', "no whole estimate"),
    ],
)
def test_what_is_no_result_is_refused_in_one_sentence(tmp_path, capsys, content, said):
    path = tmp_path / "result.json"
    if content is not None:
        path.write_text(content)
    assert main(["verify", str(path), "--quiet"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("field", ["versions", "sources"])
def test_origins_that_are_no_table_are_refused_in_one_sentence(saved, field):
    with pytest.raises(InvalidArgument, match="no whole estimate"):
        verify({**saved["estimate"], field: [1]})


def test_an_adaptive_result_that_does_not_say_what_was_asked_for_is_refused(saved):
    old = {name: value for name, value in saved["adaptive"].items() if name != "half_width"}
    with pytest.raises(InvalidArgument, match="lacks half_width"):
        verify(old)


def test_other_versions_and_changed_plug_in_files_are_named_and_are_no_difference(saved):
    other = copy.deepcopy(saved["estimate"])
    other["versions"]["numpy"] = "1.0.0"
    other["sources"] = {"mine.py": "0123"}
    found = verify(other)
    assert found.same
    assert any(said.startswith("numpy was 1.0.0, and is ") for said in found.origins)
    assert any("mine.py has changed" in said for said in found.origins)
    assert "numpy was 1.0.0" in str(found)


def test_an_experiment_s_file_comes_out_again(tmp_path, monkeypatch, capsys):
    """The quickest of the shipped experiments that hold random numbers."""
    import sys
    import types

    from backdoor_game import reproduce
    from backdoor_game.experiments import EXPERIMENTS
    from backdoor_game.experiments.shared.base import Report, Verdict

    def run(settings):
        return Report("made-up", "A title", (), (Verdict("a claim", "1", "1", True),), {"seed": [settings.seed]})

    module = types.ModuleType("backdoor_game.experiments.made_up", "An experiment.")
    module.run = run
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(EXPERIMENTS, "made-up", "made_up")
    written = reproduce("made-up", seed=5, output=tmp_path)
    assert written.files == (str(tmp_path / "made-up.json"),)
    assert reproduce("made-up", seed=5).files == ()
    assert verify(tmp_path / "made-up.json").same
    data = json.loads((tmp_path / "made-up.json").read_text())
    data["points"]["seed"][0] = 6
    assert [one.field for one in verify(data).differences] == ["points.seed[0]"]
    assert repr(written) == "Report(made-up, 1 of 1 verdicts hold)"
    assert main(["reproduce", "made-up", "--seed", "5", "--output", str(tmp_path), "--quiet"]) == 0
    assert capsys.readouterr().out == f"{written}\n"


PLUG_IN = """
import dataclasses
from backdoor_game import Defender


@dataclasses.dataclass(frozen=True)
class Mine(Defender):
    def suspicion(self, view, rng):
        return rng.random() {sign} 0.5
"""


def test_a_changed_plug_in_file_is_named_and_other_play_is_a_difference(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file, saved = tmp_path / "mine.py", tmp_path / "result.json"
    file.write_text(PLUG_IN.format(sign="<"))
    words = ["estimate", *GAME, "--attacker", "NearestLegal()", "--defender", "mine.py:Mine()", "--rounds", "50"]
    assert main([*words, "--seed", "1", "--json", "--quiet"]) == 0
    saved.write_text(capsys.readouterr().out)
    assert main(["verify", "result.json", "--quiet"]) == 0
    assert "mine.py" not in capsys.readouterr().out
    file.write_text(PLUG_IN.format(sign="<") + "\n# a word\n")
    assert main(["verify", "result.json", "--quiet"]) == 0
    assert "mine.py has changed" in capsys.readouterr().out
    file.write_text(PLUG_IN.format(sign=">="))
    assert main(["verify", "result.json", "--quiet"]) == 1
    told = capsys.readouterr().out
    assert " differ\n" in told
    assert "mine.py has changed" in told
    assert "false_alarms" in {one.field for one in verify("result.json").differences}
