"""The control plane: /_simulator/…, for tests and rehearsals, not part of Intuit's API."""
