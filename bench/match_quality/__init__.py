"""`make match-quality`: how well candidates are found, on a set that was frozen before the matcher was tuned."""
