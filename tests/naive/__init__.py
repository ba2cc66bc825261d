"""Second implementations, from the definitions: slow, short and shared with no kernel."""
