"""Strategies of other distributions: listed unseen, played by their bare names, and named where they are broken."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from backdoor_game import CoinFlip, Defender, SpecError
from backdoor_game.catalog.names import make, offered, problems, resolve
from backdoor_game.cli import main
from backdoor_game.ground.spec import parse, text

PACKAGE = pathlib.Path(__file__).parent / "plugin_package"
GAME = ("--functions", "AllFunctions(points=4)", "--epsilon", "1/4", "--distribution", "Uniform()")
RUN = ("--rounds", "300", "--seed", "1", "--quiet", "--json")


# A whole distribution, installed


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """A folder that the example package is installed into: no network, and nothing else changes."""
    folder = tmp_path_factory.mktemp("plugin")
    shutil.copytree(PACKAGE, folder / "source")
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    words += ["--disable-pip-version-check", "--target", str(folder / "target"), str(folder / "source")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "target"


@pytest.fixture
def command(target, tmp_path):
    """Runs the command line where the example package is installed, in an empty folder."""

    def run(*words, code="import sys; from backdoor_game.cli import main; sys.exit(main(sys.argv[1:]))"):
        environment = {**os.environ, "PYTHONPATH": str(target)}
        return subprocess.run(
            [sys.executable, "-c", code, *words],
            capture_output=True,
            text=True,
            timeout=120,
            env=environment,
            cwd=tmp_path,
            check=False,
        )

    return run


def test_the_installed_package_is_listed_in_its_rooms_without_being_imported(command):
    code = (
        "import sys; from backdoor_game.cli import main; status = main(sys.argv[1:]); "
        "sys.exit(status or any(name.startswith('backdoor_game_example') for name in sys.modules))"
    )
    done = command("list", code=code)
    assert (done.returncode, done.stderr) == (0, "")
    for line in (
        "RareLabel            plug-in    from backdoor-game-example 1.2.3: backdoor_game_example.defender:RareLabel",
        "FirstLegal   plug-in    from backdoor-game-example 1.2.3: backdoor_game_example.attacker:FirstLegal",
        "Stripes         plug-in  from backdoor-game-example 1.2.3: backdoor_game_example.functions:Stripes",
    ):
        assert " ".join(line.split()) in [" ".join(shown.split()) for shown in done.stdout.splitlines()]
    found = json.loads(command("list", "--json").stdout)
    (entry,) = [entry for entry in found["defenders"] if entry["name"] == "RareLabel"]
    assert entry == {
        "name": "RareLabel",
        "status": "plug-in",
        "summary": "from backdoor-game-example 1.2.3: backdoor_game_example.defender:RareLabel",
        "parameters": None,
        "distribution": "backdoor-game-example",
        "version": "1.2.3",
        "value": "backdoor_game_example.defender:RareLabel",
    }
    assert "RareLabel  [plug-in]" in command("list", "defenders").stdout
    assert "RareLabel" not in command("list", "attackers").stdout


def test_the_installed_players_and_class_are_played_by_their_bare_names(command):
    """One example against f(x), both fair for stripes that cover half of the points: it flags half of the rounds."""
    stripes, game = ("--functions", "Stripes(points=8)"), ("--epsilon", "1/2", "--distribution", "Uniform()")
    run = ("--rounds", "4000", "--seed", "3", "--quiet", "--json", "--level", "0.999")
    players = ("--attacker", "FirstLegal(tries=9)", "--defender", "RareLabel(m=1, threshold=1)")
    done = command("estimate", *stripes, *game, *players, *run)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["false_alarm_rate"]["low"] <= 0.5 <= found["false_alarm_rate"]["high"]
    assert found["illegal"] == 0
    assert found["spec"]["attacker"] == "backdoor_game_example.attacker:FirstLegal(tries=9)"
    assert found["spec"]["defender"] == "backdoor_game_example.defender:RareLabel(m=1, threshold=1.0)"
    written = ("--attacker", found["spec"]["attacker"], "--defender", found["spec"]["defender"])
    functions = ("--functions", "backdoor_game_example.functions:Stripes(points=8)")
    assert command("estimate", *game, *functions, *written, *run).stdout == done.stdout


def test_the_text_of_an_installed_strategy_is_read_again(command):
    code = (
        "from backdoor_game.catalog import resolve; from backdoor_game.ground.spec import parse, text; "
        "built = parse('[RareLabel(m=9), FirstLegal, Stripes(points=4), CoinFlip()]', resolve); "
        "assert parse(text(built), resolve) == built; print(text(built))"
    )
    done = command(code=code)
    assert done.stderr == ""
    assert done.stdout.strip() == (
        "[backdoor_game_example.defender:RareLabel(m=9), backdoor_game_example.attacker:FirstLegal(), "
        "backdoor_game_example.functions:Stripes(points=4), CoinFlip()]"
    )


@pytest.mark.parametrize("spec", ["RareLabel(m=5)", "FirstLegal(tries=9)", "Stripes(points=8)", "Preview(several=3)"])
def test_what_the_example_installs_passes_its_checks(command, spec):
    done = command("check", spec, "--json", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["passed"] is True
    assert [check["name"] for check in found["checks"] if check["status"] == "failed"] == []
    assert sum(check["status"] == "passed" for check in found["checks"]) >= (6 if spec.startswith("Preview") else 10)


def test_an_installed_trigger_law_is_played_by_its_bare_name(command):
    """Of three draws the first with a legal plant is as good as the best: it forfeits less often than after one."""
    # FirstLegal picks f whatever is shown
    words = ("--functions", "Thresholds(points=8)", "--epsilon", "1/8", "--distribution", "Uniform()", *RUN)
    players = ("--attacker", "FirstLegal(tries=9)", "--defender", "AlwaysFlag()")
    laws = ("Preview(several=1)", "Preview(several=3)")
    found = [json.loads(command("estimate", *words, *players, "--trigger", law).stdout) for law in laws]
    assert found[1]["spec"]["game"].endswith("trigger=backdoor_game_example.trigger:Preview(several=3))")
    assert found[0]["illegal"] == found[1]["illegal"] == 0
    assert found[1]["forfeits"] < found[0]["forfeits"]


def test_a_misspelt_name_is_answered_with_that_of_an_installed_strategy(command):
    done = command("estimate", *GAME, "--attacker", "NoAttack()", "--defender", "RareLable(m=3)", *RUN)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("backdoor-game estimate: defender: unknown name 'RareLable': did you mean 'RareLabel'?\n")


def test_the_readme_of_the_example_names_every_group_and_stays_short():
    lines = (PACKAGE / "README.md").read_text().splitlines()
    assert len(lines) <= 12
    rooms = ("attackers", "defenders", "functions", "distributions", "learners")
    for room in (*rooms, "triggers", "predicates", "reveals", "observations"):
        assert any(f".{room}`" in line for line in lines)


# Metadata written by hand

MODULE = """
import abc
from dataclasses import dataclass
from backdoor_game import Attacker, Defender

@dataclass(frozen=True)
class Fine(Defender):
    share: float = 0.25
    def suspicion(self, view, rng):
        return self.share

class Half(Defender):
    pass

class Plants(Attacker):
    def plant(self, view, rng):
        return None

def made(*parameters):
    return Fine(*parameters)

def hidden():
    class Fine(Defender):
        def suspicion(self, view, rng):
            return 0.0
    return Fine

Inner = hidden()
number = 3
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder on the path, with a module of players and `add`, which writes the metadata of a distribution there."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "players_by_hand.py").write_text(MODULE)
    (folder / "raises_at_once.py").write_text("raise ValueError('first' + chr(10) + 'second')")
    (folder / "leaves_at_once.py").write_text("raise SystemExit(0)")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.chdir(tmp_path)

    def add(name, points, version="1.0", folder=folder):
        info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(points)
        return info

    yield add
    for module in ("players_by_hand", "raises_at_once", "leaves_at_once"):
        sys.modules.pop(module, None)


def defenders(**points):
    return "[backdoor_game.defenders]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())


def refused(source):
    with pytest.raises(SpecError) as caught:
        make(source, Defender, "defender")
    assert "\n" not in str(caught.value)
    return str(caught.value)


BROKEN = {
    "no_such_module:Mine": "does not load: ModuleNotFoundError: No module named 'no_such_module'",
    "players_by_hand:Missing": "does not load: AttributeError: module 'players_by_hand' has no attribute 'Missing'",
    "raises_at_once:Mine": "does not load: ValueError: first",
    "leaves_at_once:Mine": "does not load: SystemExit: 0",
    "no colon at all": "must say where its class is as module:Name",
    "players_by_hand:Fine [extra]": "must say where its class is as module:Name",
    "players_by_hand:Fine()": "must say where its class is as module:Name",
    "players_by_hand:Plants": "is no subclass of Defender, as its group backdoor_game.defenders wants",
    "players_by_hand:number": "is no subclass of Defender, as its group backdoor_game.defenders wants",
    "players_by_hand:made": "is no subclass of Defender, as its group backdoor_game.defenders wants",
    "players_by_hand": "must say where its class is as module:Name",
    "players_by_hand:Half": "Half does not define suspicion",
    "players_by_hand:Inner": "is not defined at the top of its module, where specs look for it",
}


@pytest.mark.parametrize("value", BROKEN)
def test_a_broken_entry_point_is_named_with_its_distribution_when_it_is_used(site, value):
    site("sloppy-players", defenders(Broken=value, Fine="players_by_hand:Fine"), version="0.3")
    for _ in range(2):
        message = refused("Broken()")
        assert message.startswith(f"defender: entry point 'Broken' of sloppy-players 0.3 ({value})")
        assert BROKEN[value] in message


def test_a_broken_entry_point_disturbs_no_list_and_nobody_else(site, capsys):
    site("sloppy-players", defenders(Broken="no_such_module:Mine", Leaves="leaves_at_once:Mine"))
    site("good-players", defenders(Fine="players_by_hand:Fine"))
    assert main(["list"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "from sloppy-players 1.0: no_such_module:Mine" in shown.out
    assert "from good-players 1.0: players_by_hand:Fine" in shown.out
    for defender, alarms in (("AlwaysClean()", 0), ("Fine(share=0.5)", 300)):
        assert main(["estimate", *GAME, "--attacker", "NoAttack()", "--defender", defender, *RUN]) == 0
        assert json.loads(capsys.readouterr().out)["false_alarms"] == alarms
    assert main(["estimate", *GAME, "--attacker", "NoAttack()", "--defender", "Leaves()", *RUN]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert "entry point 'Leaves' of sloppy-players 1.0 (leaves_at_once:Mine) does not load" in shown.err


def test_a_shipped_name_stays_the_shipped_class_and_the_list_says_who_wanted_it(site, capsys):
    site("greedy-players", defenders(CoinFlip="players_by_hand:Fine", Thresholds="players_by_hand:Fine"))
    assert resolve("CoinFlip") is CoinFlip
    assert main(["list", "defenders"]) == 0
    out = capsys.readouterr().out
    for name in ("CoinFlip", "Thresholds"):
        assert f"greedy-players 1.0 may not take the shipped name '{name}': write players_by_hand:Fine" in out


def test_two_distributions_that_offer_one_name_are_both_named(site, capsys):
    site("first-players", defenders(Fine="players_by_hand:Fine"))
    site("second-players", "[backdoor_game.attackers]\nFine = players_by_hand:Plants\n", version="2.5")
    message = (
        "'Fine' is offered by first-players 1.0 (players_by_hand:Fine) and second-players 2.5 "
        "(players_by_hand:Plants): write one of these instead"
    )
    assert refused("Fine()") == f"defender: {message}"
    assert main(["list"]) == 0
    assert capsys.readouterr().out.count(message) == 2
    assert make("players_by_hand:Fine(share=0.5)", Defender, "defender").share == 0.5


def test_an_entry_point_s_object_is_that_of_its_module(site):
    site("good-players", defenders(Fine="players_by_hand:Fine", Alias="players_by_hand:Fine"))
    built = make("Fine(share=1/2)", Defender, "defender")
    assert text(built) == "players_by_hand:Fine(share=0.5)"
    assert parse(text(built), resolve) == built == make("Alias(share=0.5)", Defender, "defender")


@pytest.mark.parametrize("name", ["my-player", "2nd", "class", "a.b"])
def test_a_name_that_no_spec_can_say_is_listed_with_its_reason(site, capsys, name):
    site("odd-ones", defenders(**{name: "players_by_hand:Fine"}))
    assert main(["list", "defenders"]) == 0
    said = f"entry point {name!r} of odd-ones 1.0 (players_by_hand:Fine) must have a name that is a Python identifier"
    assert said in capsys.readouterr().out


def test_other_groups_are_none_of_our_business(site):
    site("cooks", "[recipes]\nFine = players_by_hand:Fine\n[console_scripts]\ncook = kitchen:main\n")
    assert not [offer for offer in offered() if offer.distribution == "cooks"]
    assert problems() == []


def test_without_problems_the_list_says_nothing_of_them(site, capsys):
    site("good-players", defenders(Fine="players_by_hand:Fine"))
    assert main(["list"]) == 0
    assert "problems" not in capsys.readouterr().out.splitlines()
    assert main(["list", "--json"]) == 0
    assert "problems" not in json.loads(capsys.readouterr().out)


def test_an_unknown_group_of_ours_is_a_problem_that_the_list_names_with_the_closest_group(site, capsys):
    site("hasty-players", "[backdoor_game.defender]\nFine = players_by_hand:Fine\n", version="2.0")
    said = (
        "entry point 'Fine' of hasty-players 2.0 (players_by_hand:Fine) is in the unknown group "
        "'backdoor_game.defender': did you mean 'backdoor_game.defenders'?"
    )
    assert not [offer for offer in offered() if offer.distribution == "hasty-players"]
    assert main(["list", "defenders"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["problems", said]
    assert main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == [said]


def test_metadata_that_cannot_be_read_disturbs_nothing(site, capsys):
    site("good-players", defenders(Fine="players_by_hand:Fine"))
    site("torn-players", "[backdoor_game.defenders]\nno equals sign in this line\n")
    (site("nameless-players", defenders(Lost="players_by_hand:Fine")) / "METADATA").write_text("Version: 1\n")
    (site("bodiless-players", defenders(Gone="players_by_hand:Fine")) / "METADATA").unlink()
    (site("binary-players", defenders(Noise="players_by_hand:Fine")) / "entry_points.txt").write_bytes(b"\xff\xfe[")
    assert make("Fine()", Defender, "defender").share == 0.25
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    assert "good-players 1.0" in shown
    for name in ("torn-players", "binary-players"):
        assert f"the entry points of {name} cannot be read: " in shown


def test_a_distribution_counts_where_it_is_first_on_the_path(site, tmp_path, monkeypatch):
    site("good-players", defenders(Old="players_by_hand:Fine"))
    site("Good_Players", defenders(New="players_by_hand:Fine"), version="2.0", folder=tmp_path / "newer")
    monkeypatch.syspath_prepend(str(tmp_path / "newer"))
    ours = [offer for offer in offered() if offer.value.startswith("players_by_hand")]
    assert [(offer.name, offer.by) for offer in ours] == [("New", "Good_Players 2.0")]
    assert "unknown name 'Old'" in refused("Old()")


# Written before the house was regrouped

OLD_LAYOUT = """
from dataclasses import dataclass
import numpy as np
from backdoor_game.attackers import Attacker
from backdoor_game.backdoors import CLWEBackdoor
from backdoor_game.defenders import Defender, DistillationEnsemble, KeySearch
from backdoor_game.detectors import Calibrated
from backdoor_game.distributions import Uniform
from backdoor_game.domains import Finite
from backdoor_game.errors import MissingCapability
from backdoor_game.functions import FunctionClass, Trainable
from backdoor_game.games import BackdoorGame, StaticDetection
from backdoor_game.learners import Learner
from backdoor_game.views import DefenderView, ModelView

@dataclass(frozen=True)
class Stripes(FunctionClass):
    points: int
    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(self.points))
    def evaluate(self, codes, X): return (2 * ((X[:, :, 0] + codes) % 4) < 4).astype(np.uint8)
    def sample(self, rng): return rng.integers(4, size=1)
    def contains(self, codes): return (codes[:, 0] >= 0) & (codes[:, 0] < 4)
    def enumerate(self): return np.arange(4)[:, None]

@dataclass(frozen=True)
class Tries(Attacker):
    def plant(self, view, rng):
        g = view.game.functions.function(view.game.functions.sample(rng))
        return g if view.legal(g) else None

@dataclass(frozen=True)
class Rare(Defender):
    def suspicion(self, view, rng):
        X, y = view.examples(16)
        return float(np.mean(y != view.f(view.x[None])[0]))

@dataclass(frozen=True)
class Longest(Calibrated):
    reads_code = True
    def score(self, view, rng):
        return float(np.abs(view.f.code).max())
"""
POINTS = """[backdoor_game.functions]
Stripes = old_players:Stripes
[backdoor_game.attackers]
Tries = old_players:Tries
[backdoor_game.defenders]
Rare = old_players:Rare
[backdoor_game.detectors]
Longest = old_players:Longest
"""


def test_a_distribution_built_against_the_old_layout_works_by_bare_names_and_is_told_where_things_are(site, tmp_path):
    folder = site("old-players", POINTS).parent
    (folder / "old_players.py").write_text(OLD_LAYOUT)

    def asked(*words, flags=()):
        command = [sys.executable, *flags, "-m", "backdoor_game.cli", *words]
        return subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True
        )

    game = ("--functions", "Stripes(points=16)", "--distribution", "Uniform()", "--epsilon", "1")
    rounds = ("--attacker", "Tries()", "--defender", "Rare()", "--rounds", "50", "--json", "--quiet")
    found = json.loads(asked("estimate", *game, *rounds).stdout)
    assert found["rounds"] == 50
    assert found["forfeits"] < 50
    small = "StaticDetection(RandomFourierFeatures(16, 4), GaussianLinear(4, train=30, test=10))"
    words = ("estimate", "--game", small, "--attacker", "CLWEBackdoor(k=4)", "--defender", "Longest(clean=20)")
    assert json.loads(asked(*words, "--rounds", "5", "--json", "--quiet").stdout)["rounds"] == 5
    told = asked("estimate", *game, *rounds, flags=("-W", "always::DeprecationWarning")).stderr
    assert "backdoor_game.defenders is the old path of Defender: import it from backdoor_game.players.defenders" in told
    assert "backdoor_game.defenders is the old path of KeySearch: import it from backdoor_game" in told
