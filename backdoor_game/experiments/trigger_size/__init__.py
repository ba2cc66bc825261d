"""How long triggers are beside natural adversarial steps."""
