"""The contract: what QuickBooks does, fact by fact, asked of the simulator and of Intuit's sandbox."""
