"""The same games as anybody would first write them: plain Python, and vectorised NumPy."""
