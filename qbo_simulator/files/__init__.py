"""Attachments: files that come in by upload, and go out over an address that works for a while."""
