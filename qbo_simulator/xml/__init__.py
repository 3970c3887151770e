"""The same records as XML, for clients that speak it: one renderer and one reader for all entities."""
