"""One engine for all entities: it reads a declaration from `qbo_simulator.entities` and knows none of them by name."""
