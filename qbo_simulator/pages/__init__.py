"""The simulator's own pages, for people at a rehearsal."""
