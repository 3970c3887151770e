"""What this office knows of QuickBooks Online (design.md §3): connections, links, mirrors, mappings, runs."""

from qbo_sync.models.connection import AuthorizationRequest, Connection
from qbo_sync.models.imports import ImportRow, LeftOut, Outcome
from qbo_sync.models.kinds import Entity, Kind
from qbo_sync.models.link import Link
from qbo_sync.models.lists import Account, Class, Department, Item, MatchKey, NameRecord
from qbo_sync.models.mapping import Mapping, Purpose
from qbo_sync.models.reasons import Reason
from qbo_sync.models.ruled_out import RuledOut
from qbo_sync.models.runs import Attempt, FoundDocument, ImportList, Run, Step
from qbo_sync.models.unlinked import Unlinked

__all__ = [
    "Account",
    "Attempt",
    "AuthorizationRequest",
    "Class",
    "Connection",
    "Department",
    "Entity",
    "FoundDocument",
    "ImportList",
    "ImportRow",
    "Item",
    "Kind",
    "LeftOut",
    "Link",
    "Mapping",
    "MatchKey",
    "NameRecord",
    "Outcome",
    "Purpose",
    "Reason",
    "RuledOut",
    "Run",
    "Step",
    "Unlinked",
]
