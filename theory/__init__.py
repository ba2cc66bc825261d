"""The mathematics behind the library's numbers: derivations that are run from the repository, never imported by it."""
