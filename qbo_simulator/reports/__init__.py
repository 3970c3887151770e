"""Reports out of the ledger and the open documents, each with Intuit's envelope: Header, Columns, Rows."""
