"""What `backdoor-game new` writes: one plug-in of each kind, checked like the rest of the package."""
