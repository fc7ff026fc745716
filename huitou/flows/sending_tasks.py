"""Jobs of the outbox: one call each."""
