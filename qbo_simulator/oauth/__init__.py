"""Signing in at Intuit: discovery, the authorize pages, tokens and who the user is (qbo-api.md §1)."""
