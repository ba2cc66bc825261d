"""``backdoor-game curve``: the win rate as one parameter is swept."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ..ground.errors import ContractError, InvalidArgument
from . import options as shared
from . import sweeping
from .parsing import Parser, whole

if TYPE_CHECKING:
    from ..matches.sweeping import Lines, Sweep

EXAMPLE = """
A spec may hold the swept parameter in braces; --defender may be given several times.
VALUES: numbers, fractions and powers in a list; LOW:HIGH:COUNT, evenly spaced; 2^-10..2^-5, powers.

examples:
  backdoor-game curve --sweep epsilon=1/32,1/16,1/8,1/4 --functions "AllFunctions(points=8)" \\
      --attacker "Shattered()" --defender "DistillationEnsemble()" --defender "CoinFlip()" --seed 1
  backdoor-game curve --sweep n=10:50:5 --functions "Thresholds(points={n})" --distribution "Uniform()" \\
      --epsilon 1/10 --attacker "NearestLegal()" --defender "DistillationEnsemble()" --seed 1
"""
KEPT = "no file is half-written"


def parser() -> Parser:
    """The options of this command."""
    made = Parser("curve", "Measure the win rate at each value of one parameter, with simultaneous intervals.")
    made.epilog = EXAMPLE
    shared.add_any_game(made)
    shared.add_players(made, several=True)
    run_options = shared.add_run(made)
    run_options.add_argument("--sweep", metavar="NAME=VALUES", help="the parameter and its values: epsilon=1/32,1/8")
    run_options.add_argument("--level", metavar="LEVEL", default="0.99", help="level of all intervals together (0.99)")
    run_options.add_argument("--output", metavar="FOLDER", default="results/curve", help="folder (results/curve)")
    shared.add_overwrite(run_options)
    run_options.add_argument("--log-x", action="store_true", help="a logarithmic axis for the parameter")
    return made


def run(options: argparse.Namespace) -> int:
    """Check everything, measure every point, then write JSON and figure and print the table."""
    from ..figures.saving import check_drawing
    from ..ground import _validate
    from ..ground.files import gathered, json_text
    from ..ground.outputs import claim
    from ..ground.seeds import fresh_or
    from ..matches.curves import measure
    from ..matches.sweeping import Texts, read
    from .matches import plan

    sweep = read(options.sweep)
    rounds = _validate.integer("rounds", whole("rounds", options.rounds), 1, 2**48)
    seed, threads = fresh_or(whole("seed", options.seed)), shared.threads(options)
    level = _validate.asked_level(options.level)
    if options.log_x and sweep.values[0].number <= 0:
        raise InvalidArgument(f"--log-x needs positive values, got {sweep.values[0].text}: leave it out")
    lines = plan(sweeping.fill(options, sweep), rounds=rounds, seed=seed)
    given = {name: getattr(options, name) for name in (*sweeping.FIELDS, "clean_input")}
    texts = Texts(**given, defender=tuple(options.defender))
    place = claim(options.output, "curve.json", _about(sweep, lines, level), overwrite=options.overwrite)
    check_drawing()
    with shared.progress("curve", options.quiet) as progress:
        found = measure(sweep, texts, lines, level=level, threads=threads, log_x=options.log_x, progress=progress)
    with gathered() as waiting:
        files = list(found.write(place.folder))
    with shared.kept(place, waiting, files):
        told = "\n".join([str(found), *(f"wrote {path}" for path in files)])
        print(json_text({**found.to_dict(), "files": files}) if options.json else told)
    if found.failures:
        missing = f"{len(found.failures)} of {sum(map(len, lines.values()))} points are missing"
        raise ContractError(f"the curve is incomplete, {missing}: {found.failures[0]}")
    return 0


def _about(sweep: Sweep, lines: Lines, level: float) -> dict[str, Any]:
    """What makes a curve this one, as its JSON says it."""
    from ..ground.spec import text

    points = [
        {
            "text": value.text,
            "defender": label,
            "estimate": {
                "seed": match.seed,
                "rounds": match.rounds,
                "spec": {name: text(getattr(match, name)) for name in ("game", "attacker", "defender")},
            },
        }
        for label, matches in lines.items()
        for value, match in zip(sweep.values, matches, strict=True)
    ]
    return {"sweep": sweep.name, "family_level": level, "points": points}
