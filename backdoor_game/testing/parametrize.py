"""The pytest decorator: one test for each strategy and check, with expected failures that must fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..ground import _validate
from ..ground._validate import did_you_mean
from ..ground.errors import InvalidArgument
from ..ground.spec import Configured, text
from .exploring import outcome
from .kinds import Games, kind_of, subject
from .results import FAILED, SKIPPED, CheckResult
from .subjects import Check, Subject

Expected = Mapping[str, Mapping[str, str]]


class CheckFailed(AssertionError):
    """A check that fails in a test made by `parametrize_with_checks`."""


def parametrize_with_checks(
    strategies: Iterable[Any],
    *,
    expected_failures: Expected | None = None,
    games: Games = None,
    number: int | None = None,
) -> Callable[[Any], Any]:
    """Turn a test with arguments ``strategy`` and ``check`` into one test for each strategy and each of its checks.

    Parameters
    ----------
    strategies : iterable
        Attackers, defenders, function classes, distributions and learners, in any mixture.
    expected_failures : mapping, optional
        For a spec text or a class's name, the checks that are known to fail, each with the reason. They are strict: one
        that passes or is skipped fails. An unknown strategy or check is an error.
    games : BackdoorGame or sequence of them, optional
        Where the strategies are tried; by default small games of every kind of class.
    number : int, optional
        How many checks every strategy must have: an error where it is another number, so that none gets lost.

    Returns
    -------
    decorator
        Of ids such as ``CoinFlip()-suspicion_lies_in_0_1``. A check that does not apply is a skipped test, with its
        reason: none is left out.

    Examples
    --------
    >>> from backdoor_game import AlwaysFlag, CoinFlip
    >>> from backdoor_game.testing import parametrize_with_checks
    >>> @parametrize_with_checks([CoinFlip(), AlwaysFlag()], number=15)
    ... def test_my_defenders(strategy, check):
    ...     check(strategy)
    """
    import pytest

    strategies = _listed(strategies)
    if number is not None:
        number = _validate.integer("number", number, 0)
    known = _known(strategies, {} if expected_failures is None else _reasoned(expected_failures))
    parameters = []
    for strategy, label in _labelled(strategies):
        held = subject(strategy, games)
        checks = kind_of(strategy).checks
        if number is not None and len(checks) != number:
            raise InvalidArgument(f"number must be {len(checks)}, the checks that {label} has, got {number}")
        for single in checks:
            reason = known[label].get(single.__name__)
            marks = [] if reason is None else [pytest.mark.xfail(strict=True, raises=CheckFailed, reason=reason)]
            bound = _Bound(single, held, reason is not None)
            parameters.append(pytest.param(strategy, bound, marks=marks, id=f"{label}-{single.__name__}"))
    return pytest.mark.parametrize(("strategy", "check"), parameters)


class _Bound:
    """A check as a test calls it."""

    def __init__(self, check: Check, held: Subject, expected: bool) -> None:
        self._check, self._held, self._expected = check, held, expected
        self.__name__ = check.__name__

    def __repr__(self) -> str:
        return self.__name__

    def __call__(self, strategy: Any) -> CheckResult:
        import pytest

        found = outcome(self.__name__, lambda: self._check(dataclasses.replace(self._held, thing=strategy)))
        if found.status == FAILED:
            case = f"\nsmallest case: {found.counterexample}" if found.counterexample else ""
            raise CheckFailed(f"{found.name}: {found.reason}{case}")
        if found.status == SKIPPED:
            if self._expected:
                raise InvalidArgument(
                    f"{found.name} is expected to fail, but there is nothing to check: {found.reason}"
                )
            pytest.skip(found.reason)
        return found


def _listed(strategies: Any) -> list[Any]:
    """The strategies as a list that can be gone through twice, and is not empty."""
    if isinstance(strategies, Configured | str | Mapping) or not isinstance(strategies, Iterable):
        raise InvalidArgument(f"strategies must be a list such as [CoinFlip()], got {strategies!r}")
    listed = list(strategies)
    if not listed:
        raise InvalidArgument("strategies must not be empty: there would be no test, got []")
    return listed


def _reasoned(expected: Any) -> Expected:
    """The expected failures, if they are a dict of dicts of reasons."""
    example = '{"CoinFlip": {"prepares": "why it fails"}}'
    if not isinstance(expected, Mapping):
        raise InvalidArgument(f"expected_failures must be a dict such as {example}, got {expected!r}")
    for key, checks in expected.items():
        if not isinstance(checks, Mapping):
            raise InvalidArgument(
                f"expected_failures[{key!r}] must be a dict in a dict such as {example}, got {checks!r}"
            )
        for name, reason in checks.items():
            if not (isinstance(reason, str) and reason.strip()):
                raise InvalidArgument(
                    f"expected_failures[{key!r}][{name!r}] must be the reason in words, got {reason!r}"
                )
    return expected


def _labelled(strategies: Sequence[Any]) -> list[tuple[Any, str]]:
    """Each strategy with its spec; the same one twice would give two tests of one name."""
    labelled = [(strategy, text(strategy)) for strategy in strategies]
    labels = [label for _, label in labelled]
    for label in labels:
        if labels.count(label) > 1:
            raise InvalidArgument(f"strategies must be different, got {label!r} {labels.count(label)} times")
    return labelled


def _known(strategies: Sequence[Any], expected: Expected) -> dict[str, dict[str, str]]:
    """The expected failures of each strategy, by its spec."""
    found: dict[str, dict[str, str]] = {}
    used: set[str] = set()
    for strategy, label in _labelled(strategies):
        checks = [check.__name__ for check in kind_of(strategy).checks]
        found[label] = {}
        for key in (type(strategy).__name__, label):
            for name, reason in expected.get(key, {}).items():
                if name not in checks:
                    raise InvalidArgument(
                        f"expected_failures: {key} has no check {name!r}: {did_you_mean(name, checks)}"
                    )
                found[label][name] = reason
            used |= {key} & set(expected)
    for key in expected:
        if key not in used:
            raise InvalidArgument(f"expected_failures: no strategy is {key!r}: {did_you_mean(key, list(found))}")
    return found
