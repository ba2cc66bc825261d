"""One file per theorem or table that is reproduced; named here and imported when run."""

EXPERIMENTS = {
    "theorem-4.1": "theorem_4_1",
    "theorem-4.1-lower": "lower",
    "theorem-4.1-upper": "upper",
    "theorem-4.1-phase": "phase",
    "appendix-a": "appendix_a",
    "exact-values": "exact_values",
    "price-of-efficiency": "price",
}
