"""The value over all D: intervals that hold what is proved, against every D of a grid, and faults that are noticed."""

import dataclasses
import os
import subprocess
import sys
from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    Atoms,
    BackdoorGame,
    Chosen,
    DistributionSearch,
    Explicit,
    Halfspaces,
    Intervals,
    Original,
    Singletons,
    Thresholds,
    Uniform,
    solve,
)
from backdoor_game.exact.minimax import (
    certified_interval,
    child,
    interval,
    listing,
    program,
    running,
    symmetry,
    vertices,
)
from backdoor_game.exact.minimax.labels import distinct_labels
from backdoor_game.exact.minimax.repair import repaired
from backdoor_game.functions.table import table
from backdoor_game.ground.errors import BackdoorGameError, InvalidArgument, MissingCapability
from tests.naive import minimax as naive

# theory/minimax.py has each in fractions
KNOWN = [
    (Thresholds(points=3), 0.2, 13 / 15),
    (Thresholds(points=4), 0.2, 17 / 20),
    (Thresholds(points=5), 0.2, 5 / 6),
    (Thresholds(points=4), 0.3, 31 / 40),
    (Singletons(points=4), 0.2, 17 / 20),
    (Singletons(points=4), 0.3, 31 / 40),
    (Singletons(points=4), 0.4, 11 / 15),
    (AllFunctions(points=3), 0.2, 0.8),
    (AllFunctions(points=3), 0.3, 0.7),
    (AllFunctions(points=3), 0.4, 0.5),
    (AllFunctions(points=3), "1/3", 0.5),  # the jump: a D of equal weights ties at epsilon
    (Intervals(points=3), 0.2, 0.8),
    (Intervals(points=3), 0.3, 0.7),
    (Intervals(points=4), 0.2, 26 / 35),
    (Intervals(points=4), 0.3, 43 / 70),
    (Thresholds(points=3), 0.4, 11 / 15),  # without w = D(x) pi(f) the program says 7/10
]


@pytest.mark.parametrize(("functions", "epsilon", "value"), KNOWN)
def test_the_interval_closes_around_the_value_and_its_upper_end_is_that_of_its_d(functions, epsilon, value):
    found = solve(BackdoorGame(functions, epsilon), certify=True)
    assert found.lower <= value + 1e-12
    assert value <= found.upper + 1e-12
    assert found.upper - found.lower < 1e-5
    assert found.status == "certified (floating point)"
    assert found.certified_tolerance > 0
    fixed = solve(BackdoorGame(functions, epsilon, found.distribution))
    assert fixed.upper == found.upper
    assert fixed.value == pytest.approx(value, abs=1e-9)


def holds(functions, epsilon, found, laws):
    """Whether no D goes under the lower end, and one meets the upper end."""
    least = naive.least(table(functions).labels, epsilon, laws)
    return found.lower <= least + 1e-9 and least == pytest.approx(found.upper, abs=1e-7)


SMALL = [(Intervals(points=3), 0.2), (Singletons(points=3), 0.3), (Explicit(["000", "110", "011", "111"]), 0.4)]


@pytest.mark.parametrize(("functions", "epsilon"), SMALL)
def test_no_d_of_a_fine_grid_goes_under_and_one_attains_it(functions, epsilon):
    assert holds(functions, epsilon, certified_interval(functions, epsilon), naive.grid(3, 20))


def test_no_random_d_goes_under():
    rng = np.random.default_rng(4)
    for _ in range(12):
        rows = rng.permutation(16)[: rng.integers(3, 8)]
        functions = Explicit(["".join(str(f >> x & 1) for x in range(4)) for f in rows.tolist()])
        epsilon = float(rng.choice([0.15, 0.25, 0.3, 0.45]))
        found = certified_interval(functions, epsilon)
        assert found.closed
        assert 0 <= found.upper - found.lower < 1e-8
        tight = np.tile([epsilon, epsilon, 0.05, 0.95 - 2 * epsilon], (4, 1))
        tried = [*rng.dirichlet(np.ones(4), 6), *rng.permuted(tight, axis=1)]
        assert naive.least(table(functions).labels, epsilon, tried) >= found.lower


def test_next_to_an_epsilon_at_which_vertices_cross_none_stands_for_another():
    """Vertices 4e-10 apart have other legal pairs."""
    functions = Explicit(["1100", "1000", "0011", "1011", "1001"])
    epsilon = 0.25 - 1.1e-9
    found = certified_interval(functions, epsilon)
    laws = set(permutations((epsilon, epsilon, epsilon, 1 - 3 * epsilon)))
    assert found.lower <= naive.least(table(functions).labels, epsilon, laws)


@pytest.mark.parametrize("method", ["vertices", "scip"])
def test_ties_that_the_package_forgives_are_forgiven_in_the_bound(method):
    """On N equal weights a plant may differ at floor(eps N + 1e-9) points: there a little less than 1/3 is as 1/3."""
    if method == "scip":
        pytest.importorskip("pyscipopt")
    epsilon = 1 / 3 - 1e-10
    assert solve(BackdoorGame(AllFunctions(points=3), epsilon, Uniform())).value == pytest.approx(0.5)
    assert certified_interval(AllFunctions(points=3), epsilon, method=method, time_limit=30).lower <= 0.5


def test_systems_are_counted_as_theory_counts_them():
    """Four planes of weights and fifteen of sets, three at a time."""
    assert vertices.system_count(distinct_labels(AllFunctions(points=4))) == 969


@pytest.mark.parametrize("less", [3e-9, 1e-8])
def test_just_under_a_jump_the_interval_closes(less):
    """Three points cannot all be light: the worst D has two that are, and loses epsilon."""
    epsilon = 1 / 3 - less
    found = certified_interval(AllFunctions(points=3), epsilon)
    assert found.lower <= 1 - epsilon <= found.upper
    assert found.upper - found.lower < 1e-8


@pytest.mark.parametrize("epsilon", [0.40507507526177633, 0.2262761227398019, "1/7", 0.123456789])
def test_an_epsilon_that_is_no_simple_fraction_has_as_narrow_an_interval(epsilon):
    """One pair that differs at one point loses eps/2; so do all functions on 2 points, of which one is too heavy."""
    for functions in (Explicit(["11", "10"]), AllFunctions(points=2)):
        found = solve(BackdoorGame(functions, epsilon), certify=True)
        value = 1 - float(Fraction(epsilon)) / 2
        assert found.lower <= value + 1e-12
        assert value <= found.upper + 1e-12
        assert found.upper - found.lower < 1e-8


# Faults that must be noticed


def test_a_list_that_lost_vertices_is_noticed(monkeypatch):
    every = vertices.vertices
    monkeypatch.setattr(listing, "vertices", lambda rows, limit: every(rows, limit)[:1])
    functions, epsilon = SMALL[0]
    assert not holds(functions, epsilon, certified_interval(functions, epsilon), naive.grid(3, 20))


def test_an_illegal_pair_that_is_counted_as_legal_is_noticed(monkeypatch):
    solved = listing.equilibrium
    monkeypatch.setattr(listing, "equilibrium", lambda functions, D, limit: solved(functions, D, 2 * limit))
    found = certified_interval(Thresholds(points=3), 0.2)
    assert found.upper - found.lower > 0.05


def test_the_lower_end_is_what_flags_guarantee_and_the_upper_one_what_the_attacker_allows(monkeypatch):
    solved = listing.equilibrium

    def worse_flags(*game):
        return dataclasses.replace(solved(*game), lower=0.7)

    def worse_attack(*game):
        return dataclasses.replace(solved(*game), upper=0.9)

    monkeypatch.setattr(listing, "equilibrium", worse_flags)
    monkeypatch.setattr(interval, "equilibrium", worse_attack)
    found = certified_interval(Thresholds(points=3), 0.2)
    assert (found.lower, found.upper) == pytest.approx((0.7, 0.9))


def test_symmetries_are_those_of_the_class_and_others_are_noticed(monkeypatch):
    """A tree's: of a star all, of a path the two that keep or turn it."""
    assert len(symmetry.symmetries(table(Singletons(points=3)).labels)) == 6
    assert symmetry.symmetries(table(Thresholds(points=4)).labels) == [(0, 1, 2, 3), (3, 2, 1, 0)]
    # the last point tells nobody apart: there the worst D puts what is too heavy elsewhere
    functions = Explicit(["000", "100", "010", "110"])
    assert holds(functions, 0.3, certified_interval(functions, 0.3), naive.grid(3, 10))
    assert symmetry.ordered_weights(table(functions).labels) == [(0, 1)]
    monkeypatch.setattr(vertices, "symmetries", lambda labels: list(permutations(range(3))))
    assert not holds(functions, 0.3, certified_interval(functions, 0.3), naive.grid(3, 10))


def test_on_many_points_weights_are_ordered_by_the_exchanges_that_keep_the_class():
    """Up to XOR with one labeling: all 128 are tried."""
    rows = ["0000000", "1000000", "0100000", "0010000", "0001000", "0001100", "0001110"]
    members = {tuple(map(int, row)) for row in rows}
    keep = []
    for x, y in combinations(range(7), 2):
        order = list(range(7))
        order[x], order[y] = y, x
        moved = [tuple(f[place] for place in order) for f in members]
        images = ({tuple(a ^ b for a, b in zip(f, h, strict=True)) for f in moved} for h in product((0, 1), repeat=7))
        if members in images:
            keep.append((x, y))
    assert keep == [(0, 1), (0, 2), (1, 2)]
    assert symmetry.ordered_weights(table(Explicit(rows)).labels) == keep


def test_symmetries_change_no_interval(monkeypatch):
    whole = [certified_interval(functions, epsilon) for functions, epsilon in SMALL]
    monkeypatch.setattr(vertices, "symmetries", lambda labels: [tuple(range(labels.shape[1]))])
    for (functions, epsilon), known in zip(SMALL, whole, strict=True):
        found = certified_interval(functions, epsilon)
        assert (found.lower, found.upper) == pytest.approx((known.lower, known.upper), abs=1e-12)


def test_columns_that_are_equal_or_complementary_are_one():
    wide, narrow = Explicit(["00111", "10101", "11010"]), Explicit(["001", "100", "111"])
    rows = distinct_labels(wide)  # columns 011, 001, 110, 101, 110
    assert rows.labels.shape == (3, 3)
    assert rows.points[:, 0].tolist() == [0, 1, 3]
    both = [certified_interval(functions, 0.3) for functions in (wide, narrow)]
    assert both[0].lower == pytest.approx(both[1].lower, abs=1e-12)
    assert both[0].upper == pytest.approx(both[1].upper, abs=1e-12)


# The program of SCIP


def scip_says(functions, epsilon, time_limit=20):
    """The bound of the program, moved, without a process of its own."""
    found = child.run({"labels": table(functions).labels.tolist(), "epsilon": epsilon, "time_limit": time_limit})
    return 1 - (found["bound"] + found["moved"]) / 2, found


@pytest.mark.parametrize(("functions", "epsilon", "value"), [KNOWN[0], KNOWN[7], KNOWN[9], KNOWN[11], KNOWN[-1]])
def test_branching_agrees_with_the_list_of_vertices(functions, epsilon, value):
    pytest.importorskip("pyscipopt")
    found = certified_interval(functions, epsilon, method="scip", time_limit=60)
    assert found.closed
    assert value - 1e-5 < found.lower <= value
    assert found.upper == pytest.approx(value, abs=1e-9)
    assert "SCIP" in found.method


def test_a_program_without_its_masses_or_with_every_pair_legal_is_noticed(monkeypatch):
    pytest.importorskip("pyscipopt")
    functions, epsilon, value = KNOWN[0]
    lower, found = scip_says(functions, epsilon)
    assert value - 1e-5 < lower <= value
    assert found["moved"] >= program.FEASIBILITY * (3 + 4 + 2 * 12)
    for part in ("_masses", "_legality"):
        with monkeypatch.context() as patch:
            patch.setattr(program, part, lambda *of: None)
            assert scip_says(functions, epsilon)[0] < value - 1e-3


def test_a_search_that_its_limit_ended_is_not_closed():
    pytest.importorskip("pyscipopt")
    lower, found = scip_says(Intervals(points=4), 0.2, 1e-3)
    assert not found["closed"]
    assert lower <= 26 / 35


def stubbed(monkeypatch, answer, starts=None):
    monkeypatch.setattr(interval, "scip", lambda: None)
    monkeypatch.setattr(interval, "searched", lambda labels, epsilon, limit, progress: answer)
    return certified_interval(Thresholds(points=3), 0.2, method="scip", starts=starts)


ANSWER = {"bound": 0.3, "moved": 0.02, "version": 10.0, "closed": False, "D": None, "chosen": []}


def test_the_lower_end_is_moved_down_by_what_tolerances_allow(monkeypatch):
    assert stubbed(monkeypatch, ANSWER).lower == pytest.approx(1 - 0.32 / 2)


def test_where_scip_crashed_or_had_no_bound_in_time_half_is_the_lower_end(monkeypatch):
    lost = stubbed(monkeypatch, None)
    assert (lost.lower, lost.closed) == (0.5, False)
    assert "crashed" in lost.method
    early = stubbed(monkeypatch, {**ANSWER, "bound": 1.0})
    assert early.lower == 0.5
    assert early.method.endswith("stopped before it had closed")


def test_the_search_lowers_the_upper_end_where_scip_found_nothing(monkeypatch):
    """Equal weights, the last resort, let nothing be planted at .2."""
    alone = stubbed(monkeypatch, ANSWER)
    assert (alone.upper, alone.started) == (1.0, False)
    helped = stubbed(monkeypatch, ANSWER, lambda: [Atoms([0, 1, 2], [0.6, 0.2, 0.2])])
    assert helped.started
    assert helped.upper == pytest.approx(13 / 15, abs=1e-9)
    # so does the search that `solve` is given, where there are too many vertices; it and its seed are told then
    monkeypatch.setattr(interval, "SYSTEMS", 0)
    search = DistributionSearch(steps=20, seed=3)
    found = solve(BackdoorGame(Thresholds(points=3), 0.2), certify=True, search_distribution=search)
    assert found.upper <= solve(BackdoorGame(Thresholds(points=3), 0.2), search_distribution=search).upper < 0.95
    assert (found.search, found.seed) == ("DistributionSearch(steps=20, seed=3)", 3)


def test_ends_that_contradict_each_other_give_no_interval(monkeypatch):
    law = [0.6, 0.2, 0.2]
    with pytest.raises(BackdoorGameError, match=r"no interval was certified: .*at least 0\.94, and one has 0\.8666"):
        stubbed(monkeypatch, {**ANSWER, "bound": 0.1, "D": law, "chosen": [[1], [2]]})


def test_a_d_that_misses_ties_by_rounding_is_repaired_in_fractions():
    off = np.array([0.6 - 2e-8, 0.2 + 1e-8, 0.2 + 1e-8])
    raw = Atoms([0, 1, 2], off.tolist())
    assert solve(BackdoorGame(Thresholds(points=3), 0.2, raw)).value == pytest.approx(1)
    assert repaired(off, [[1], [2]], 0.2).tolist() == [0.6, 0.2, 0.2]
    assert repaired(off, [[0], [1], [2]], 0.2) is None  # three points of mass .2 do not sum to 1


def test_ctrl_c_is_heard_and_leaves_no_process_behind(monkeypatch):
    monkeypatch.setattr(running, "CHILD", "import time; time.sleep(60)")
    begun = []

    class Popen(subprocess.Popen):
        def __init__(self, *words, **ways):
            super().__init__(*words, **ways)
            begun.append(self)

    def pressed(done, total):
        raise KeyboardInterrupt

    monkeypatch.setattr(running.subprocess, "Popen", Popen)
    with pytest.raises(KeyboardInterrupt):
        running.searched(np.zeros((1, 1)), 0.2, None, pressed)
    assert begun[0].poll() is not None
    if hasattr(os, "killpg"):
        with pytest.raises(ProcessLookupError):
            os.kill(begun[0].pid, 0)


@pytest.mark.skipif(os.name != "posix", reason="there a process does not learn that its parent has ended")
def test_a_process_ends_with_the_one_that_asked_however_that_ended():
    """As on Ctrl-C at the command line, which leaves at once; the pipe closes when the grandchild has ended too."""
    inner = "import os, time; from backdoor_game.exact.minimax.child import leave_with; "
    inner += "leave_with(os.getppid()); print('begun', flush=True); time.sleep(60)"
    outer = f"import os, subprocess as s, sys; one = s.Popen([sys.executable, '-c', {inner!r}], stdout=s.PIPE)"
    outer += "; one.stdout.readline(); os._exit(3)"
    done = subprocess.run([sys.executable, "-c", outer], stderr=subprocess.PIPE, timeout=30)
    assert done.returncode == 3


def test_a_process_that_crashes_or_overstays_says_nothing(monkeypatch):
    told = []
    monkeypatch.setattr(running, "GRACE", 0.3)
    for code in ("import os; os.abort()", "import time; time.sleep(60)"):
        monkeypatch.setattr(running, "CHILD", code)
        assert running.searched(np.zeros((1, 1)), 0.2, 0.1, lambda *parts: told.append(parts)) is None
    assert all(0 <= done <= total for done, total in told)


# Limits


def test_when_time_is_over_the_interval_is_stated_and_wide():
    found = solve(BackdoorGame(Intervals(points=4), 0.3), certify=True, time_limit=1e-9)
    assert found.lower == 0.5
    assert found.upper >= 43 / 70 - 1e-9
    assert found.method.startswith("some of ")
    assert "value over all D          in [0.500000, " in str(found)
    assert found.to_dict()["time_limit"] == 1e-9


def test_progress_reaches_its_total():
    calls, game = [], BackdoorGame(Thresholds(points=3), 0.2)
    solve(game, certify=True, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(k, len(calls)) for k in range(1, len(calls) + 1)]


@pytest.mark.parametrize(
    ("functions", "error", "said"),
    [
        (Intervals(points=200), InvalidArgument, r"20101 functions on 200 points, and at most 4096 functions fit"),
        (Intervals(points=20), InvalidArgument, r"places .* of 211 different functions on 20 points, and at most"),
        (Halfspaces(dimension=2), MissingCapability, r"has no listed domain"),
    ],
)
def test_what_is_too_large_or_not_listed_is_refused_before_the_work(functions, error, said):
    with pytest.raises(error, match=said):
        solve(BackdoorGame(functions, 0.2), certify=True)


def test_what_does_not_go_together_is_refused():
    open_, fixed = BackdoorGame(Thresholds(points=3), 0.2), BackdoorGame(Thresholds(points=3), 0.2, Uniform())
    for game, ways, said in [
        (fixed, {"certify": True}, "certify=True searches every D, and this game fixes its own"),
        (open_, {"certify": True, "exact": True}, "leave exact out"),
        (open_, {"time_limit": 5}, "time_limit is for certify=True, got 5"),
        (open_, {"certify": True, "time_limit": 0}, "time_limit must be above 0"),
        (open_, {"certify": 1}, "certify must be True or False, got 1"),
    ]:
        with pytest.raises(InvalidArgument, match=said):
            solve(game, **ways)
    for variant in ({"trigger": Chosen()}, {"clean_input": "trigger"}, {"reveal": Original(bits=1)}):
        with pytest.raises(MissingCapability, match="certify=True knows the game whose trigger is drawn after f"):
            solve(dataclasses.replace(open_, **variant), certify=True)
    with pytest.raises(InvalidArgument, match="method must be 'vertices', 'scip' or None"):
        certified_interval(Thresholds(points=3), 0.2, method="simplex")


@pytest.mark.parametrize("field", [{"trigger": "Chosen()"}, {"clean_input": "trigger"}, {"reveal": "Original(bits=1)"}])
def test_a_variant_is_refused_whose_value_another_program_would_have_to_bound(field):
    """The certificate is the default game's: Chosen is worth less than its lower end."""
    with pytest.raises(MissingCapability, match="certify=True knows the game whose trigger is drawn after f"):
        solve(BackdoorGame(Thresholds(points=4), 0.25, **field), certify=True)


def test_where_scip_is_needed_and_missing_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyscipopt", None)
    with pytest.raises(MissingCapability, match=r"pip install 'backdoor-game\[minimax\]'"):
        certified_interval(Thresholds(points=3), 0.2, method="scip")
    assert certified_interval(Thresholds(points=3), 0.2).closed


def test_a_search_beside_the_certificate_is_told_only_where_it_was_used():
    found = solve(BackdoorGame(Thresholds(points=3), 0.2), certify=True, search_distribution=DistributionSearch(seed=3))
    assert (found.search, found.seed) == (None, None)
    assert "seed" not in found.to_dict()
    assert not found.at_most
