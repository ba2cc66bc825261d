"""Runs a check's body on cases that Hypothesis draws, and tells the smallest case in which it fails."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..games.contract import blamed
from ..ground.errors import BackdoorGameError
from .results import FAILED, PASSED, SKIPPED, Broken, CheckResult, NothingToCheck, shown

CASES = 20  # of a check: most faults show in the first few, and a battery has dozens of checks


def for_all(body: Callable[..., None], *, cases: int = CASES, **strategies: Any) -> None:
    """Call `body` with drawn keywords: the same cases on every run, if what is checked is deterministic.

    Raises
    ------
    Broken
        For the smallest case found in which the body raises, with that case as its counter-example.
    """
    from hypothesis import given
    from hypothesis.errors import Flaky

    failures: list[Broken] = []

    def test(**drawn: Any) -> None:
        try:
            explained(lambda: body(**drawn))
        except Broken as broken:
            case = ", ".join(f"{name}={shown(value)}" for name, value in drawn.items())
            failures.append(Broken(broken.reason, broken.counterexample or case))
            raise failures[-1] from broken

    run = _quiet(cases)(given(**strategies)(test))
    try:
        with _nothing_from_around():
            run()
    except Flaky:
        last = failures[-1]
        raise Broken(f"{last.reason} (not every time)", last.counterexample) from None


def _quiet(cases: int) -> Any:
    """Settings under which a search is the same on every run, prints nothing and keeps nothing."""
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    return settings(
        max_examples=cases,
        derandomize=True,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def _nothing_from_around() -> contextlib.AbstractContextManager[object]:
    """Keep Hypothesis from drawing numbers that stand in the source of whatever modules happen to be loaded.

    Such draws differ from one process to the next, and are kept in a folder where the user did not ask for one.
    """
    from unittest import mock

    try:
        from hypothesis.internal.conjecture.providers import HypothesisProvider as Provider
    except ImportError:  # a release that does not do so
        return contextlib.nullcontext()
    # Where a release has no such method, one that nobody calls stands there meanwhile.
    return mock.patch.object(Provider, "_maybe_draw_constant", return_value=None, create=True)


def explained(action: Callable[[], str | None]) -> str | None:
    """`action()`, with whatever it raises told as `Broken`: one sentence, with file and line where there is a bug."""
    from hypothesis.errors import HypothesisException

    try:
        return blamed(action)
    except (Broken, NothingToCheck, HypothesisException):
        raise
    except BackdoorGameError as error:
        raise Broken(" ".join(str(error).split())) from error
    except (Exception, SystemExit) as error:
        raise Broken(_told(error)) from error


def _told(error: BaseException) -> str:
    line = str(error).splitlines()[0] if str(error) else "no message"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"raised {type(error).__name__}: {line} ({Path(frame.filename).name}, line {frame.lineno})"


def outcome(name: str, check: Callable[[], str | None]) -> CheckResult:
    """The result of one check; what it raises is its failure, never a crash, and what it returns is a remark."""
    try:
        remark = explained(check)
    except NothingToCheck as reason:
        return CheckResult(name, SKIPPED, str(reason))
    except Broken as broken:
        return CheckResult(name, FAILED, broken.reason, broken.counterexample)
    return CheckResult(name, PASSED, remark or "")
