"""Documents on paper: as PDF, and sent by e-mail (which goes nowhere, but is noted on the document)."""
