"""Configured things and their text: casting, canonical specs, round trips, and one sentence for everything else."""

from __future__ import annotations

import dataclasses
import math
import typing
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backdoor_game import (
    Atoms,
    BackdoorGame,
    BoltzmannResampling,
    Circuits,
    Closure,
    CLWEBackdoor,
    CoinFlip,
    Defender,
    DirectSum,
    DistillationEnsemble,
    Explicit,
    GaussianLinear,
    Intervals,
    InvalidArgument,
    Memorizer,
    Mixture,
    NearestLegal,
    NeighbourVote,
    OneInclusion,
    PlantsAnyway,
    ProductBits,
    PuncturedHybrid,
    RandomFourierFeatures,
    Singletons,
    SpecError,
    StaticDetection,
    Thresholds,
    Uniform,
    Weighted,
    make,
)
from backdoor_game.ground.spec import MAX_LENGTH, Configured, parse, qualified_name, text


@dataclasses.dataclass(frozen=True)
class Anything(Configured):
    """Holds whatever a configured thing may hold."""

    value: typing.Any = None


@dataclasses.dataclass(frozen=True)
class Typed(Configured):
    """One field of each annotation that is cast."""

    whole: int = 1
    real: float = 0.5
    word: str = "a"
    yes: bool = False
    maybe: int | None = None
    old_style: typing.Optional[float] = None  # noqa: UP045
    either: float | str = 0.0
    numbers: tuple[float, ...] = ()
    rows: tuple[tuple[int, ...], ...] = ()
    pair: tuple[int, str] = (0, "")
    listed: list[float] = ()  # type: ignore[assignment]
    inner: Configured | None = None
    choice: typing.Literal["left", "right"] = "left"


@dataclasses.dataclass(frozen=True)
class Needs(Configured):
    """Has fields that must be given, one made by a factory, and one that is no parameter."""

    size: int
    parts: tuple[int, ...] = dataclasses.field(default_factory=lambda: (1, 2))
    made: int = dataclasses.field(default=7, init=False)


@dataclasses.dataclass(frozen=True)
class Breaks(Configured):
    """Fails to be made, in a way of its own."""

    how: str = "key"

    def __post_init__(self):
        super().__post_init__()
        raise {"key": KeyError("lost"), "lines": ValueError("first\nsecond"), "mute": RuntimeError()}[self.how]


HERE = {cls.__name__: cls for cls in (Anything, Typed, Needs, Breaks)}
PACKAGE = {cls.__name__: cls for cls in (
    Atoms, BackdoorGame, BoltzmannResampling, Closure, CoinFlip, DirectSum, DistillationEnsemble, Explicit, Intervals,
    Memorizer, Mixture, NeighbourVote, OneInclusion, ProductBits, Singletons, Thresholds, Uniform, Weighted,
)}  # fmt: skip


def names(name):
    """Looks names up as the catalog does, outsiders by what stands after the colon."""
    known = {**PACKAGE, **{f"{__name__}:{label}": cls for label, cls in HERE.items()}, **HERE}
    if name not in known:
        raise SpecError(f"unknown name {name!r}")
    return known[name]


def read(source):
    return parse(source, names)


# Round trips

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
LITERALS = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.tuples(inner, inner)), max_leaves=12
)
DEFENDERS = st.one_of(
    st.just(CoinFlip()),
    st.builds(NeighbourVote, neighbours=st.integers(1, 99), examples=st.none() | st.integers(1, 99)),
    st.builds(BoltzmannResampling, beta=st.none() | st.floats(0, 1e300), draws=st.integers(1, 9)),
    st.builds(
        DistillationEnsemble,
        learner=st.none() | st.just(Closure()) | st.builds(OneInclusion, limit=st.integers(1, 99)),
        members=st.none() | st.integers(1, 99),
        examples=st.none() | st.integers(0, 99),
        threshold=st.none() | st.floats(0, 1),
    ),
)
LINES = st.builds(Thresholds, points=st.none() | st.integers(1, 99)) | st.builds(Singletons, points=st.integers(1, 99))
SUMS = st.recursive(LINES, lambda parts: st.builds(DirectSum, st.lists(parts, min_size=1, max_size=3)), max_leaves=6)


def as_tuples(value):
    return tuple(map(as_tuples, value)) if isinstance(value, (list, tuple)) else value


@given(LITERALS)
@settings(max_examples=300, deadline=None)
def test_literals_are_read_as_they_are_written(value):
    configured = Anything(value)
    assert repr(configured.value) == repr(as_tuples(value))
    again = read(text(configured))
    assert repr(again.value) == repr(configured.value)
    assert again == configured
    assert hash(again) == hash(configured)


@given(st.text(alphabet="ab:'\"\\/. (),=\n\tµ", max_size=30), st.text(alphabet="a:'\"\\", max_size=8))
@settings(max_examples=300, deadline=None)
def test_quotes_colons_and_backslashes_in_texts_are_kept(first, second):
    configured = Anything([first, second, first])
    assert read(text(configured)) == configured


@given(st.one_of(DEFENDERS, SUMS))
@settings(max_examples=150, deadline=None)
def test_a_nested_spec_is_read_as_it_is_written(configured):
    again = read(text(configured))
    assert again == configured
    assert text(again) == text(configured) == repr(configured)


@given(DEFENDERS, SUMS, st.fractions(0, 1))
@settings(max_examples=60, deadline=None)
def test_equal_things_have_one_text_and_different_ones_have_two(defender, functions, epsilon):
    game = BackdoorGame(functions, epsilon)
    assert game.epsilon == float(epsilon)
    twin = BackdoorGame(read(text(functions)), str(epsilon))
    assert text(twin) == text(game)
    other = dataclasses.replace(game, epsilon=0.123456789)
    assume(other != game)
    assert text(other) != text(game)
    assert text(defender) != text(game)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("2/32", 0.0625),
        ("1/3", 1 / 3),
        ("-1/8", -0.125),
        ("1/-8", -0.125),
        ("0.3/3", float(Fraction(0.3) / 3)),
        ("(1/3)/3", float(Fraction(1 / 3) / 3)),
        ("-5", -5),
        ("--5", 5),
        ("-2.5e-3", -0.0025),
        ("[1, 2.5, -3]", (1, 2.5, -3)),
        ("(1, (2,), [])", (1, (2,), ())),
        ("None", None),
        ("True", True),
        ("'a:B'", "a:B"),
        ('"it\'s file.py:Name(x=1)"', "it's file.py:Name(x=1)"),
        (r"'say \'c:D\' twice: \'c:D\''", "say 'c:D' twice: 'c:D'"),
        (r'"say \"c:D\" twice: \"c:D\""', 'say "c:D" twice: "c:D"'),
        ("  [1,\n 2]\n", (1, 2)),
    ],
)
def test_literals_and_fractions_have_their_values(source, value):
    found = read(source)
    assert found == value
    assert type(found) is type(value)


def test_a_bare_name_is_a_thing_without_parameters_and_positions_follow_the_fields():
    assert read("CoinFlip") == read("CoinFlip()") == CoinFlip()
    assert read("NeighbourVote(3, 9)") == NeighbourVote(neighbours=3, examples=9)
    assert read("NeighbourVote(3, examples=9)") == NeighbourVote(neighbours=3, examples=9)
    assert read("Mixture([Uniform, Uniform()], ['1/4', 3/4])") == Mixture([Uniform(), Uniform()], [0.25, 0.75])


# Canonical text


def test_fields_at_their_default_are_left_out():
    assert text(NeighbourVote()) == text(NeighbourVote(neighbours=5)) == "NeighbourVote()"
    assert text(NeighbourVote(neighbours=6)) == "NeighbourVote(neighbours=6)"
    learner = OneInclusion(limit=65_536)
    assert text(DistillationEnsemble(learner=learner)) == "DistillationEnsemble(learner=OneInclusion())"
    assert text(Thresholds(points=4)) == "Thresholds(points=4)"
    assert text(Needs(3)) == text(Needs(3, parts=[1, 2])) == f"{__name__}:Needs(size=3)"
    assert text(Needs(3, parts=[2])) == f"{__name__}:Needs(size=3, parts=[2])"


def test_an_outsider_s_name_says_where_it_lives_and_the_package_s_own_does_not():
    assert qualified_name(CoinFlip) == "CoinFlip"
    assert qualified_name(Needs) == f"{__name__}:Needs"
    written = f"{__name__}:Anything(value=[CoinFlip(), {__name__}:Needs(size=1)])"
    assert text(Anything([CoinFlip(), Needs(1)])) == written
    assert read(written) == Anything([CoinFlip(), Needs(1)])


def test_a_spec_of_typed_numbers_is_that_of_the_numbers_meant():
    assert text(Typed(whole=3.0, real=2, numbers=[1, 2])) == f"{__name__}:Typed(whole=3, real=2.0, numbers=[1.0, 2.0])"
    assert text(Typed(numbers=[1, 2])) == text(Typed(numbers=(1.0, 2.0))) == text(Typed(numbers=["1/1", "4/2"]))
    assert text(Typed(real=-0.0)) == text(Typed(real=0))


# Casting


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("whole", 3.0, 3),
        ("whole", np.int16(3), 3),
        ("whole", np.float64(3), 3),
        ("whole", np.array(3), 3),
        ("real", 2, 2.0),
        ("real", np.float32(0.5), 0.5),
        ("real", "1/8", 0.125),
        ("real", Fraction(1, 8), 0.125),
        ("word", np.str_("b"), "b"),
        ("yes", np.True_, True),
        ("maybe", None, None),
        ("maybe", 4.0, 4),
        ("old_style", None, None),
        ("old_style", 1, 1.0),
        ("either", "1/8", "1/8"),
        ("either", 1, 1.0),
        ("numbers", [1, np.float32(0.5), "1/4"], (1.0, 0.5, 0.25)),
        ("numbers", np.arange(3), (0.0, 1.0, 2.0)),
        ("rows", np.eye(2), ((1, 0), (0, 1))),
        ("rows", [[1], []], ((1,), ())),
        ("pair", [1, "x"], (1, "x")),
        ("listed", [1, 2], (1.0, 2.0)),
        ("inner", CoinFlip(), CoinFlip()),
        ("inner", None, None),
        ("choice", "right", "right"),
    ],
)
def test_a_field_is_cast_to_its_annotation_and_becomes_plain(field, given, kept):
    configured = Typed(**{field: given})
    found = getattr(configured, field)
    assert found == kept
    assert type(found) is type(kept)
    if isinstance(kept, tuple):
        assert [type(item) for item in found] == [type(item) for item in kept]
    assert hash(configured) == hash(Typed(**{field: kept}))
    assert read(text(configured)) == configured


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("whole", True, "whole must be a whole number, got True"),
        ("whole", 2.5, "whole must be a whole number, got 2.5"),
        ("whole", "3", "whole must be a whole number, got '3'"),
        ("whole", None, "whole must not be None"),
        ("whole", [1], r"whole must be a whole number, got \[1\]"),
        ("whole", -(2**63) - 1, "whole must be at least"),
        ("real", "much", "real must be a finite number, got 'much'"),
        ("real", math.nan, "real must be a finite number, got nan"),
        ("real", math.inf, "real must be a finite number, got inf"),
        ("real", "1/0", "real must be a finite number"),
        ("real", 10**400, "real must be a finite number"),
        ("real", True, "real must be a finite number, got True"),
        ("real", np.True_, "real must be a finite number, got True"),
        ("real", 1j, "real must be a finite number"),
        ("word", 3, "word must be text, got 3"),
        ("word", ["a"], r"word must be text, got \['a'\]"),
        ("yes", 1, "yes must be True or False, got 1"),
        ("yes", "yes", "yes must be True or False, got 'yes'"),
        ("maybe", True, "maybe must be a whole number, got True"),
        ("maybe", 0.5, "maybe must be a whole number, got 0.5"),
        ("numbers", 3, "numbers must be a list, got 3"),
        ("numbers", "abc", "numbers must be a list, got 'abc'"),
        ("numbers", [1, math.nan], "numbers must be a finite number, got nan"),
        ("numbers", [True], "numbers must be a finite number, got True"),
        ("numbers", [None], "numbers must not be None"),
        ("rows", [[0.5]], "rows must be a whole number, got 0.5"),
        ("rows", [1], "rows must be a list, got 1"),
        ("inner", "3", "inner must be a Configured, got 3"),
        ("inner", 3, "inner must be a Configured, got 3"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_the_field_and_the_value(field, given, words):
    with pytest.raises(InvalidArgument, match=f"Typed.{words}") as caught:
        Typed(**{field: given})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [{1, 2}, {"a": 1}, b"x", object(), print, 1j, Typed, np.datetime64("2020-01-01")])
def test_what_a_spec_cannot_say_is_refused(value):
    with pytest.raises(InvalidArgument, match=r"Anything\.value must be"):
        Anything(value)


def test_an_array_of_labels_and_its_texts_are_one_class():
    table = np.array([[0, 1, 1], [1, 0, 0]])
    assert Explicit(table) == Explicit(["011", "100"]) == Explicit(table.tolist()) == Explicit(table.astype(bool))
    assert hash(Explicit(table)) == hash(Explicit(["011", "100"]))


# Refusals


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("CoinFlop()", "unknown name 'CoinFlop'"),
        ("NeighbourVote(neighbors=3)", "NeighbourVote has no parameter 'neighbors': did you mean 'neighbours'"),
        ("NeighbourVote(zzz=3)", "has no parameter 'zzz': known are examples, neighbours"),
        ("CoinFlip(zzz=3)", "CoinFlip has no parameter 'zzz': it takes none"),
        ("CoinFlip(3)", "CoinFlip takes at most 0 parameters, got 1"),
        ("NeighbourVote(1, 2, 3)", "takes at most 2 parameters, got 3"),
        ("Singletons()", "Singletons needs points=..."),
        ("Singletons", "Singletons needs points=..."),
        ("NeighbourVote(examples=3, examples=4)", "got 'examples' twice"),
        ("NeighbourVote(3, neighbours=4)", "got 'neighbours' twice"),
        ("Needs(size=1, made=3)", "Needs has no parameter 'made'"),
        ("NeighbourVote(**{'examples': 3})", "has no parameter None"),
        ("NeighbourVote(*[1, 2])", "only literals and nested specs"),
        ("NeighbourVote(examples=True)", "examples must be a whole number, got True"),
        ("NeighbourVote(examples='many')", "examples must be a whole number, got 'many'"),
        ("NeighbourVote(examples=CoinFlip())", "examples must be a whole number, got CoinFlip"),
        ("NeighbourVote(examples=[3])", r"examples must be a whole number, got \(3,\)"),
        ("BoltzmannResampling(beta='nan')", "beta must be a finite number"),
        ("BoltzmannResampling(beta=1e999)", "beta must be a finite number, got inf"),
        ("BoltzmannResampling(beta=1" + "0" * 400 + ")", "beta must be a finite number"),
        ("BoltzmannResampling(beta=1/0)", "1/0 in the spec .* is not a number"),
        ("BoltzmannResampling(beta=True/2)", "True/2 in the spec .* is not a number"),
        ("BoltzmannResampling(beta=-'a')", "'a' in the spec .* is not a number"),
        ("BoltzmannResampling(beta=nan)", "unknown name 'nan'"),
        ("DistillationEnsemble(learner=CoinFlip())", "learner must be a Learner, got CoinFlip"),
        ("Weighted(weights=[0.5, 0.6])", "must sum to 1"),
        ("", "cannot read the spec ''"),
        ("CoinFlip(", "cannot read the spec"),
        ("mine.py", "'mine.py' is a file without a name in it: write mine.py:Name"),
        (" a b/../mine-too.py ", "write a b/../mine-too.py:Name"),
        ("CoinFlip() CoinFlip()", "cannot read the spec"),
        ("CoinFlip()\x00", "cannot read the spec"),
        ("1 +", "cannot read the spec"),
        ("1" * 5000, "cannot read the spec"),
        ("1j", "only literals and nested specs"),
        ("b'x'", "only literals and nested specs"),
        ("...", "only literals and nested specs"),
        ("{1, 2}", "only literals and nested specs"),
        ("{'a': 1}", "only literals and nested specs"),
        ("f'{1}'", "only literals and nested specs"),
        ("+1", "only literals and nested specs"),
        ("not True", "only literals and nested specs"),
        ("1 + 1", "only literals and nested specs"),
        ("2 ** 9", "only literals and nested specs"),
        ("1 < 2", "only literals and nested specs"),
        ("1 if True else 2", "only literals and nested specs"),
        ("[1, 2][0]", "only literals and nested specs"),
        ("(x := 1)", "only literals and nested specs"),
    ],
)
def test_bad_specs_are_refused_in_one_sentence(source, words):
    with pytest.raises((SpecError, InvalidArgument), match=words) as caught:
        read(source)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('touch hacked')",
        "NeighbourVote(examples=__import__('os').getpid())",
        "CoinFlip().__class__",
        "CoinFlip().suspicion_block(3)",
        "(lambda: 3)()",
        "Thresholds(points=(lambda: 3)())",
        "[x for x in [1, 2]]",
        "Weighted(weights=[1 for _ in [1]])",
        "eval('1')",
        "open('hacked', 'w')",
        "print(1)",
        "CoinFlip()()",
        "type(CoinFlip)",
        "NeighbourVote(examples=len([1, 2]))",
        "exec('import os')",
        "await CoinFlip()",
        "yield 3",
        "import os",
        "x = 3",
        "CoinFlip(); CoinFlip()",
    ],
)
def test_a_spec_runs_no_code(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError) as caught:
        read(source)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_the_longest_spec_is_read_and_one_character_more_is_not():
    longest = "[" + "1," * ((MAX_LENGTH - 2) // 2) + "]"
    assert len(longest) == MAX_LENGTH
    assert read(longest) == (1,) * ((MAX_LENGTH - 2) // 2)
    with pytest.raises(SpecError, match="at most 10000 characters, got 10001"):
        read(longest + " ")


@pytest.mark.parametrize(
    "source",
    [
        "[" * 5000,
        "[" * 4000 + "]" * 4000,
        "-" * 9000 + "1",
        "(" * 4000 + "1" + ")" * 4000,
        "DirectSum([" * 800 + "Thresholds(points=2)" + "])" * 800,
        "1" + "/1" * 4900,
        "1" + "+1" * 4900,
    ],
    ids=["open", "lists", "minus", "parentheses", "specs", "fractions", "sums"],
)
def test_what_is_nested_too_deeply_is_refused_and_kills_nothing(source):
    with pytest.raises(SpecError) as caught:
        read(source[:MAX_LENGTH])
    assert len(str(caught.value)) < 1000
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("source", [None, 3, b"CoinFlip()", CoinFlip(), ["CoinFlip()"]])
def test_what_is_no_text_is_refused(source):
    with pytest.raises(SpecError, match=r"a spec is text such as 'CoinFlip\(\)', got"):
        read(source)


@pytest.mark.parametrize(("how", "words"), [("key", "'lost'"), ("lines", "first"), ("mute", "RuntimeError")])
def test_a_thing_that_fails_to_be_made_is_refused_in_one_sentence(how, words):
    with pytest.raises(SpecError, match=f"Breaks refuses its parameters: {words}$") as caught:
        read(f"Breaks(how={how!r})")
    assert "\n" not in str(caught.value)


def test_a_dataclass_that_is_not_frozen_is_refused_in_one_sentence():
    @dataclasses.dataclass
    class Thawed(Defender):
        m: int = 3

        def suspicion(self, view, rng):
            return 0.0

    with pytest.raises(InvalidArgument, match="Thawed must be a frozen dataclass"):
        Thawed()


def test_a_strategy_without_parameters_needs_no_dataclass():
    class Plain(Defender):
        def suspicion(self, view, rng):
            return 0.0

    assert text(Plain()).endswith("Plain()")


# Specs where objects are wanted


@pytest.mark.parametrize(
    ("build", "meant"),
    [
        (lambda: Typed(inner="CoinFlip()"), lambda: Typed(inner=CoinFlip())),
        (lambda: DistillationEnsemble("Closure()", members=3), lambda: DistillationEnsemble(Closure(), members=3)),
        (
            lambda: DirectSum(["Thresholds(points=3)", Singletons(points=2)]),
            lambda: DirectSum([Thresholds(points=3), Singletons(points=2)]),
        ),
        (
            lambda: Mixture(["Uniform()", "Uniform"], ["1/4", 0.75]),
            lambda: Mixture([Uniform(), Uniform()], [0.25, 0.75]),
        ),
        (
            lambda: BackdoorGame("Thresholds(points=16)", "1/8", "Uniform()"),
            lambda: BackdoorGame(Thresholds(points=16), 0.125, Uniform()),
        ),
        (
            lambda: StaticDetection("RandomFourierFeatures(features=8, dimension=4)", "GaussianLinear(dimension=4)"),
            lambda: StaticDetection(RandomFourierFeatures(features=8, dimension=4), GaussianLinear(dimension=4)),
        ),
        (lambda: PuncturedHybrid("Circuits(bits=4, gates=99)"), lambda: PuncturedHybrid(Circuits(bits=4, gates=99))),
        (lambda: PlantsAnyway("CLWEBackdoor(k=4)"), lambda: PlantsAnyway(CLWEBackdoor(k=4))),
        (lambda: make("NearestLegal()"), NearestLegal),
    ],
)
def test_a_spec_stands_wherever_an_object_of_its_kind_does(build, meant):
    assert build() == meant()
    assert text(build()) == text(meant())


def test_a_field_of_text_keeps_its_text():
    assert Typed(word="CoinFlip()").word == Typed(either="CoinFlip()").either == "CoinFlip()"
    assert Anything("CoinFlip()").value == "CoinFlip()"


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: BackdoorGame("Uniform()", 0.1),
            "functions must be a FunctionClass such as Thresholds(points=10), got Uniform()",
        ),
        (
            lambda: BackdoorGame("Treshold(points=3)", 0.1),
            "functions: unknown name 'Treshold': did you mean 'Thresholds'?",
        ),
        (lambda: BackdoorGame(3, 0.1), "functions must be a FunctionClass such as Thresholds(points=10), got 3"),
        (
            lambda: BackdoorGame(Thresholds(points=3), 0.1, "Closure()"),
            "distribution must be a Distribution such as Uniform(), got Closure()",
        ),
        (lambda: DistillationEnsemble("Uniform()"), "DistillationEnsemble.learner must be a Learner, got Uniform()"),
        (lambda: DirectSum(["Closure()"]), "DirectSum.parts must be a FunctionClass, got Closure()"),
        (lambda: make("3"), "spec must be the spec of an object such as NearestLegal(), got 3"),
        (lambda: make(3), "spec: a spec is text such as 'CoinFlip()', got 3"),
    ],
)
def test_a_spec_of_another_kind_is_refused_by_the_name_of_its_argument(build, words):
    with pytest.raises((InvalidArgument, SpecError)) as caught:
        build()
    assert str(caught.value) == words


@pytest.mark.parametrize("annotation", [object, "object", typing.Any, typing.Hashable, "NotDefinedAnywhere"])
def test_a_field_of_any_type_holds_what_a_spec_can_write_and_a_sentence_says_so_of_the_rest(annotation):
    cls = dataclasses.make_dataclass("Open", [("x", annotation, None)], bases=(Configured,), frozen=True)
    for value in (1, 1.5, "a", True, None, CoinFlip(), (1, "a")):
        assert cls(value).x == value
    assert cls([1, 2]).x == (1, 2)
    for value in ({"a": 1}, {1}, 1j, b"a", len):
        with pytest.raises(InvalidArgument) as caught:
            cls(value)
        assert str(caught.value) == (
            "Open.x must be a number, text, None, a list or a configured object, which a spec can write down, "
            f"got {value!r}"
        )


def test_the_repr_of_somebody_s_class_is_its_spec_too_with_its_file_and_short_and_its_own_where_it_writes_one(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from dataclasses import dataclass\nfrom backdoor_game import CoinFlip\n"
        "@dataclass(frozen=True)\nclass Mine(CoinFlip):\n    name: str = ''\n"
        "@dataclass(frozen=True)\nclass Own(Mine):\n    def __repr__(self):\n        return 'its own'\n"
    )
    source = f"{tmp_path}/mine.py"
    assert repr(make(f"{source}:Mine(name='a')")) == f"{source}:Mine(name='a')"
    assert len(repr(make(f"{source}:Mine(name='{'a' * 5000}')"))) < 300
    assert repr(make(f"{source}:Own()")) == "its own"


def test_a_bracket_that_is_not_closed_is_told_so_and_no_path_is_blamed():
    for source in ("mine.py:Mine(m=3", "CoinFlip("):
        with pytest.raises(SpecError, match="close each bracket that is opened"):
            make(source)
