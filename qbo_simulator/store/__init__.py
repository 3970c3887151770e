"""The one SQLite file that everything of the simulator lives in."""
