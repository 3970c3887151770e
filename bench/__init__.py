"""What `make bench…` runs: how fast records are copied, and how fast the simulator is."""
