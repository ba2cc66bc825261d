"""Random Fourier features that nobody shows an input of: what detectors see, and that they could."""
