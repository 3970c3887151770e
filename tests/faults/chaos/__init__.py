"""What `make chaos` runs: workers killed and frozen at random moments, and the books counted afterwards.

Beside the hostile days of `tests/faults`, since it asks the same question of the same office, with real processes.
"""
