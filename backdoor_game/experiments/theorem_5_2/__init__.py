"""Theorem 5.2: an obfuscated function that is punctured at the trigger."""
