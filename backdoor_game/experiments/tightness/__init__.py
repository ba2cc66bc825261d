"""How tight the proved bounds are: worst cases, and what is lost on them exactly."""
