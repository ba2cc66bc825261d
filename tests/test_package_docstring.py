"""`help(backdoor_game)` is short, and every name in it is there."""

from __future__ import annotations

import doctest
import re

import backdoor_game
from backdoor_game.cli import COMMANDS
from backdoor_game.ground.public import ROOMS

DOC = backdoor_game.__doc__
MOST_LINES, ENTRIES = 60, 10


def section(title):
    """The lines of a section, split where its two columns are."""
    body = DOC.split(f"\n{title}\n")[1].split("\n\n")[0]
    return [re.split(r" {2,}", line.strip(), maxsplit=1) for line in body.splitlines()]


def test_it_is_under_sixty_lines():
    assert len(DOC.splitlines()) < MOST_LINES
    assert max(map(len, DOC.splitlines())) <= 120


def test_ten_entry_points_with_a_line_each_are_public_names():
    entries = section("Start with")
    assert len(entries) == ENTRIES
    assert [name for name, _ in entries if name not in backdoor_game.PUBLIC] == []
    assert all(callable(getattr(backdoor_game, name)) for name, _ in entries)


def test_the_namespaces_are_all_that_there_are():
    named = [name for names, _ in section("Namespaces") for name in names.split(", ")]
    assert sorted(named) == sorted(ROOMS)
    assert "check_defender" in backdoor_game.testing.__all__


def test_the_commands_in_it_are_commands():
    named = re.findall(r"`backdoor-game (\w+)", DOC)
    assert {"describe", "list", "new"} == set(named) <= set(COMMANDS)


def test_its_example_gives_what_it_says():
    failed, tried = doctest.testmod(backdoor_game)
    assert (failed, tried) == (0, 3)


def test_a_name_that_is_not_there_would_be_found(monkeypatch):
    monkeypatch.setattr(backdoor_game, "PUBLIC", backdoor_game.PUBLIC - {"solve"})
    assert [name for name, _ in section("Start with") if name not in backdoor_game.PUBLIC] == ["solve"]
