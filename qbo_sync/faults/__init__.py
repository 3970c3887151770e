"""QuickBooks' faults in plain words: what happened, what to do, which button it is (qbo-api.md §7.2, §7.3)."""

from qbo_sync.faults.rows import Mend, Row, Sentence
from qbo_sync.faults.sentences import UNLISTED, sentence_for
from qbo_sync.faults.table import LINKED_OTHERWISE, NO_FILE, TABLE

__all__ = ["LINKED_OTHERWISE", "NO_FILE", "TABLE", "UNLISTED", "Mend", "Row", "Sentence", "sentence_for"]
