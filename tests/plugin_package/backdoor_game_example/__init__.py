"""Strategies for backdoor-game that are found through entry points."""
