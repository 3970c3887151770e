"""Notifications of what changes in the books, sent to the address that an app has registered (qbo-api.md §10.2)."""
