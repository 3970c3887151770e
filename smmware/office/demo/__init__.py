"""The fictitious company of `make demo`: “Gentle Transitions of Evanston”, the same on every machine."""
