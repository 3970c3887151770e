"""QuickBooks' query language: a grammar, and its translation to SQL (qbo-api.md §3)."""
