"""Inner loops on arrays and scalars, one idea a file (importing one imports numba: do it where used)."""
