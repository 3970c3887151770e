"""The rules that declarations name: what the server fills in, refuses, and changes elsewhere on a write."""
