"""Class and Department: what transactions are tracked by."""

from qbo_simulator.engine.kinds import Flag, Name, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE, ADDRESS, CLASS_REF, DEPARTMENT_REF

CLASS = Entity(
    name="Class",
    sequence="Class",
    label="FullyQualifiedName",
    kept_in="Klasses",
    unique="Name",
    parent="ParentRef",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("Name", Name(100), required=True, query=True, index=True),
        Field("SubClass", Flag(), default=False),
        Field("ParentRef", CLASS_REF, query=True, index=True),
        Field("FullyQualifiedName", Text(), server=True, query=True),
        ACTIVE,
        None,
    ),
)
DEPARTMENT = Entity(
    name="Department",
    sequence="Department",
    label="FullyQualifiedName",
    kept_in="Departments",
    unique="Name",
    parent="ParentRef",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("Name", Name(100), required=True, query=True, index=True),
        Field("SubDepartment", Flag(), default=False),
        Field("ParentRef", DEPARTMENT_REF, query=True, index=True),
        Field("FullyQualifiedName", Text(), server=True, query=True),
        Field("Address", ADDRESS),
        ACTIVE,
        None,
    ),
)
