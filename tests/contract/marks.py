"""The marks of contract tests."""

import pytest

fact = pytest.mark.fact  # which facts of qbo_simulator/facts a test proves
simulator_only = pytest.mark.simulator_only  # why a test cannot be asked of Intuit's sandbox
