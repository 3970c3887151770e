"""A stand-in for Intuit: sign-in and Accounting API of QuickBooks Online, for rehearsals, tests and benchmarks."""

from qbo_simulator.application import Simulator, create_app

__all__ = ["Simulator", "create_app"]
