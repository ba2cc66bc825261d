"""One setting for every test: a slow machine is not a failure, so that Hypothesis has no deadline."""

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
