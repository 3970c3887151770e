"""How dates are read and shown."""
