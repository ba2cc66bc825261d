"""One file per theorem or table that is reproduced; named here and imported when run."""

EXPERIMENTS = {
    "theorem-4.1": "theorem_4_1",
    "theorem-4.1-lower": "lower",
    "theorem-4.1-upper": "upper",
    "theorem-4.1-phase": "phase",
    "appendix-a": "appendix_a",
    "theorem-5.1": "theorem_5_1",
    "theorem-5.2": "theorem_5_2",
    "theorem-5.3": "theorem_5_3",
    "theorem-6.1": "theorem_6_1",
    "shallow-circuits": "shallow_circuits",
    "exact-values": "exact_values",
    "price-of-efficiency": "price",
}
