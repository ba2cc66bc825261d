"""What an attacker wins that must pay for its search."""
