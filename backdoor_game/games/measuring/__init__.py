"""Rounds to a win rate with an interval."""
