"""Checks of learners: predictions, and the errors that they state against all samples of tiny classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground.inheritance import overrides
from ..ground.spec import text
from ..ground.streams import Generators
from ..players.learners import BlockLearner, Learner, ProperLearner
from ..players.views.sample import WrittenSample
from .class_subjects import members
from .exploring import for_all
from .learner_subjects import Desk, desks, drawn_desks
from .results import NothingToCheck, demand, same
from .subjects import Subject, name

ROWS, MEMBERS = 6, 3  # rounds and members: enough for a mix-up of the two to show
CANDIDATES = 64  # functions among which one that fits the sample, and says something else, is sought


def learns_a_class(subject: Subject) -> None:
    """`prepare` accepts one of the classes at least, twice the same, and changes nothing."""
    before = text(subject.thing)
    for desk in desks(subject):
        again = subject.thing.prepare(desk.functions, desk.m)
        demand(again == desk.ready, f"prepare() gives {name(desk.ready)}, and then {name(again)} for {desk}")
    demand(text(subject.thing) == before, f"prepare() turns {before[:200]} into {name(subject.thing)}")


def predictions_are_labels(subject: Subject) -> None:
    """Predictions are uint8 labels 0 and 1 of shape (B, T)."""

    def body(case: Desk, seed: int) -> None:
        labels = np.asarray(_predicted(case, seed))
        right = labels.shape == (ROWS, MEMBERS) and labels.dtype == np.uint8
        wanted = f"predictions must be uint8 of shape ({ROWS}, {MEMBERS})"
        demand(right, f"{wanted}, got {labels.dtype} of shape {labels.shape}")
        demand(labels.max(initial=0) <= 1, f"predictions must be 0 or 1, got {labels.max(initial=0)}")

    for_all(body, **drawn_desks(subject))


def same_sample_same_predictions(subject: Subject) -> None:
    """The same examples and keys give the same predictions, whichever function of the class has labelled them."""

    def body(case: Desk, seed: int) -> None:
        first, second = _predicted(case, seed), _predicted(case, seed)
        demand(same(first, second), f"predictions {first.tolist()}, and then {second.tolist()}")

    def whoever(case: Desk, seed: int) -> None:
        functions, x, keys = case.functions, case.asked(seed, ROWS), case.keys(seed, ROWS)
        F, X = members(functions, seed, ROWS), case.points(seed, ROWS, MEMBERS)
        G, y = F.copy(), case.labels(F, X)
        others = members(functions, seed, CANDIDATES, "plant")
        for r in range(ROWS):
            at = np.broadcast_to(x[r], (CANDIDATES, 1, len(x[r])))
            apart = functions.evaluate(others, at)[:, 0] != functions.evaluate(F[r : r + 1], at[:1])[0, 0]
            agree = (case.labels(others, np.repeat(X[r : r + 1], CANDIDATES, axis=0)) == y[r]).all(axis=(1, 2))
            G[r] = next(iter(others[agree & apart]), F[r])
        first, second = (np.asarray(case.ready.predict_block(case.given(codes, X, y), x, keys)) for codes in (F, G))
        for r in np.flatnonzero((first != second).any(axis=1))[:1]:
            what = f"{F[r].tolist()} and {G[r].tolist()} agree on the examples {X[r].tolist()}"
            demand(False, f"{what}, but predictions are {first[r].tolist()} and {second[r].tolist()}")

    for_all(body, **drawn_desks(subject))
    for_all(whoever, **drawn_desks(subject))


def a_prediction_depends_on_its_own_row(subject: Subject) -> None:
    """Row r of a block is the block of one of its round, and a member predicts from its own examples alone."""

    def body(case: Desk, seed: int) -> None:
        whole = _predicted(case, seed)
        turned = _predicted(case, seed, slice(None, None, -1))[::-1]
        alone = np.concatenate([_predicted(case, seed, slice(r, r + 1)) for r in range(ROWS)])
        demand(same(whole, turned), f"{whole.tolist()} in a block, {turned.tolist()} in the block turned round")
        demand(same(whole, alone), f"{whole.tolist()} in a block, {alone.tolist()} in blocks of one")

    def beside_others(case: Desk, seed: int) -> None:
        codes, x, keys = members(case.functions, seed, ROWS), case.asked(seed, ROWS), case.keys(seed, ROWS)
        X, fresh = case.points(seed, ROWS, MEMBERS), case.points(seed + 1, ROWS, MEMBERS)
        for t in range(MEMBERS):
            beside = fresh.copy()
            beside[:, t] = X[:, t]
            samples = [case.given(codes, points, case.labels(codes, points)) for points in (X, beside)]
            first, second = (np.asarray(case.ready.predict_block(sample, x, keys))[:, t] for sample in samples)
            what = f"member {t} predicts {first.tolist()}, and {second.tolist()}"
            demand(same(first, second), f"{what} where the other members have other examples")

    for_all(body, **drawn_desks(subject))
    for_all(beside_others, **drawn_desks(subject))


def a_round_is_a_block_of_one(subject: Subject) -> None:
    """`predict` of one member is `predict_block` of it, whichever of the two was written."""

    def in_a_loop(case: Desk, seed: int) -> None:
        given = case.sample(seed, ROWS, MEMBERS), case.asked(seed, ROWS), case.keys(seed, ROWS)
        many, one = np.asarray(case.ready.predict_block(*given)), Learner.predict_block(case.ready, *given)
        demand(same(many, one), f"predict() says {one.tolist()} where predict_block() says {many.tolist()}")

    def alone(case: Desk, seed: int) -> None:
        sample, x, generators = case.sample(seed, ROWS, 1), case.asked(seed, ROWS), Generators()
        for r, key in enumerate(case.keys(seed, ROWS)):
            one = case.ready.predict(case.functions, sample.X[r, 0], sample.y[r, 0], x[r], generators.keyed(key))
            word = generators.keyed(key).integers(2**64, size=1, dtype=np.uint64)
            block = WrittenSample(case.functions, sample.X[r], sample.y[r])
            many = int(np.asarray(case.ready.predict_block(block, x[r : r + 1], word))[0, 0])
            demand(one == many, f"predict() says {one!r} where predict_block() says {many}")

    writes_blocks = not overrides(subject.thing, BlockLearner.predict)
    for_all(alone if writes_blocks else in_a_loop, **drawn_desks(subject))


def leaves_its_sample_alone(subject: Subject) -> None:
    """Examples hold the same bytes afterwards, and are read-only still."""

    def body(case: Desk, seed: int) -> None:
        sample, clean = case.sample(seed, ROWS, MEMBERS), case.sample(seed, ROWS, MEMBERS)
        case.ready.predict_block(sample, case.asked(seed, ROWS), case.keys(seed, ROWS))
        for what in ("X", "y"):
            array = vars(sample).get(what)
            demand(array is None or not array.flags.writeable, f"it makes {what} of its sample writable")
            demand(array is None or same(array, getattr(clean, what)), f"it writes into {what} of its sample")

    for_all(body, **drawn_desks(subject))


def votes_count_predictions(subject: Subject) -> None:
    """`votes` is the number of members whose prediction is another label than f'(x')."""

    def body(case: Desk, seed: int) -> None:
        sample, x = case.sample(seed, ROWS, MEMBERS), case.asked(seed, ROWS)
        labels = case.functions.evaluate(members(case.functions, seed, ROWS), x[:, None])[:, 0]
        found = case.ready.votes(sample, x, labels, case.keys(seed, ROWS))
        wanted = (_predicted(case, seed) != labels[:, None]).sum(axis=1)
        demand(same(found, wanted), f"votes() counts {np.asarray(found).tolist()}, predictions say {wanted.tolist()}")

    for_all(body, **drawn_desks(subject))


def hypotheses_are_members(subject: Subject) -> None:
    """A proper learner's hypotheses are members of the class, one for each row and member."""
    if not isinstance(subject.thing, ProperLearner):
        raise NothingToCheck("it is no ProperLearner")

    def body(case: Desk, seed: int) -> None:
        codes = np.asarray(case.ready.learn_block(case.sample(seed, ROWS, MEMBERS), case.keys(seed, ROWS)))
        shape = ROWS, MEMBERS, case.functions.code_length
        demand(codes.shape == shape, f"learn_block() must have shape {shape}, got {codes.shape}")
        flat = codes.reshape(-1, shape[2])
        held = np.asarray(case.functions.contains(flat))
        demand(held.all(), lambda: f"the hypothesis {flat[~held][0].tolist()} is no member")

    for_all(body, **drawn_desks(subject))


def _predicted(case: Desk, seed: int, part: Any = slice(None)) -> Any:
    sample = case.sample(seed, ROWS, MEMBERS, part)
    return np.asarray(case.ready.predict_block(sample, case.asked(seed, ROWS, part), case.keys(seed, ROWS, part)))
