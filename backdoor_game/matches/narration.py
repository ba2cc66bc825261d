"""A round in words: what happened at each step of the definition, and who wins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MARGIN = "     "
USE = (("examples", "example"), ("queries", "query"), ("evaluations", "evaluation"))
NOT_SHOWN = {
    "forfeit": "there is no f*: it counts as detected.",
    "illegal": "the plant is not legal: it counts as detected.",
}


def told(story: dict[str, Any]) -> str:
    """The story of one round, from `story.story`."""
    return "\n".join(_lines(story))


def _lines(story: dict[str, Any]) -> Iterator[str]:
    yield f"Round {story['round']} under seed {story['seed']}"
    for name in ("game", "attacker", "defender"):
        yield f"{name:<9}{story[name]}"
    yield ""
    yield f"1. The attacker plays on D = {story['distribution']}{_early(story)} and picks f."
    if not story["f_is_member"]:
        yield f"{MARGIN}What it picked is no member of the class: the round is its forfeit; another f stands in."
    yield from _row("f", story["f"])
    yield from _trigger(story)
    yield from _row("f", story["f"], story["x_star"])
    yield from _plant(story)
    yield "4. A coin decides what the defender sees first; each call knows nothing of the other."
    if story.get("trace") is not None:
        yield f"{MARGIN}In both it is shown {story['reveal']} of the attacker's run: {_trace(story['trace'])}."
    for call, order in zip(story["calls"], ("first", "then"), strict=True):
        yield from _call(story, call, order)
    yield from _result(story)


def _early(story: dict[str, Any]) -> str:
    """What the attacker sees before it picks f."""
    if not story.get("before_original") or story["offered"] is None:
        return ""
    return f", sees the trigger{'' if story['offers'] == 1 else 's'} {_points(story)}"


def _trigger(story: dict[str, Any]) -> Iterator[str]:
    x_star = _point(story["x_star"])
    if "trigger" not in story:
        yield f"2. A trigger is drawn from D, of which the attacker has no say: x* = {x_star}."
    elif story["offered"] is None:
        yield f"2. The attacker picks any trigger that {story['trigger']} admits: x* = {x_star}."
    elif story["offers"] == 1:
        yield f"2. The trigger, by {story['trigger']}: x* = {x_star}."
    else:
        yield f"2. The attacker picks a trigger, by {story['trigger']} one of {_points(story)}: x* = {x_star}."
    if "picked" in story and story["picked"] is None:
        yield f"{MARGIN}It goes over its budget while it picks: the round is its forfeit; another x* stands in."
    elif "picked" in story and not story["pick_is_admitted"]:
        picked = _point(story["picked"])
        yield f"{MARGIN}What it picked, {picked}, is not admitted: the round is its forfeit; another x* stands in."


def _points(story: dict[str, Any]) -> str:
    dots = ["..."] if story["offers"] > len(story["offered"]) else []
    return ", ".join([*map(_point, story["offered"]), *dots])


def _trace(trace: Any) -> str:
    """Bits in a row, anything else as it is written."""
    bits = isinstance(trace, list) and bool(trace) and all(entry in (0, 1) for entry in trace)
    return "".join(map(str, trace)) if bits else str(trace)


def _plant(story: dict[str, Any]) -> Iterator[str]:
    if story["status"] == "forfeit":
        yield "3. The attacker forfeits: it plants nothing, and the planted branch counts as detected."
        return
    if story["f_star"] is None:
        yield "3. The attacker returns something that is no member of the class: not legal, the round is its forfeit."
        return
    yield "3. The attacker plants f*."
    yield from _row("f*", story["f_star"], story["x_star"])
    yield f"{MARGIN}{_labels(story)}; {_distance(story)}."


def _labels(story: dict[str, Any]) -> str:
    f, f_star = story["f_at_x_star"], story["f_star_at_x_star"]
    if f == f_star:
        return f"f*(x*) = {f_star} equals f(x*): not legal"
    return f"f*(x*) = {f_star} differs from f(x*) = {f}"


def _distance(story: dict[str, Any]) -> str:
    about = "" if story["distance_is_exact"] else "about "
    said = f"Pr_D[f != f*] is {about}{story['distance']:.6g}, epsilon is {story['epsilon']:.6g}"
    if story["status"] == "undecided":
        return f"{said}: too close to call, so the round is lost in the lower bound and won in the upper one"
    if story["status"] == "planted":
        return f"{said}: legal"
    return f"{said}: the plant is not legal and the round is the attacker's forfeit"


def _call(story: dict[str, Any], call: dict[str, Any], order: str) -> Iterator[str]:
    clean = "(f, x*)" if story.get("clean_input") == "trigger" else "(f, x) with a fresh x"
    pair = clean if call["branch"] == "clean" else "(f*, x*)"
    if not call["shown"]:
        reason = NOT_SHOWN[story["status"]] if call["branch"] == "planted" else "f is not legal: it counts as passed."
        yield f"   {order}: the {call['branch']} branch, {pair}; {reason}"
        return
    yield f"   {order}: the {call['branch']} branch, {pair} = {_point(call['x'])}, labelled {call['label']}"
    yield from _row("f'", call["f"], call["x"])
    use = [_count(call[what], word) for what, word in USE]
    yield f"{MARGIN}It uses {use[0]}, {use[1]} and {use[2]}."
    if call["over_budget"]:
        yield f"{MARGIN}That is over its budget: this branch is lost."
        return
    sign = ">=" if call["suspicion"] >= story["threshold"] else "<"
    right = {True: "right", False: "wrong", None: "nobody can say whether that is right"}[call["right"]]
    scale = f"suspicion {call['suspicion']:.6g} {sign} threshold {story['threshold']:.6g}"
    yield f'{MARGIN}{scale}: it says "{call["answer"]}", {right}.'


def _result(story: dict[str, Any]) -> Iterator[str]:
    wins = {True: "the defender wins", False: "the attacker wins", None: "undecided"}
    yield f"Result: {wins[story['defender_wins']]} the literal game, which is the first call alone."
    if story["score"] is not None:
        yield f"With both branches played, the defender is right in {2 * story['score']:g} of 2."


def _row(name: str, function: dict[str, Any], x: dict[str, Any] | None = None) -> Iterator[str]:
    """Labels in a row with a caret under x; the code alone where the domain is large."""
    if function["labels"] is None:
        yield f"{MARGIN}{name:<3}has code {function['code']}"
        return
    yield f"{MARGIN}{name:<3}{function['labels']}"
    if x is not None and x["index"] is not None:
        yield f"{MARGIN}   {' ' * x['index']}^"


def _point(x: dict[str, Any]) -> str:
    shown = ", ".join(f"{v:.6g}" if isinstance(v, float) else str(v) for v in x["coordinates"])
    return shown if len(x["coordinates"]) == 1 else f"({shown})"


def _count(number: int, what: str) -> str:
    many = what[:-1] + "ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else many}"
