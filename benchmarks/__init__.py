"""Comparisons with peers: `python -m benchmarks` prints one table of ours, peer, ratio and bar."""
