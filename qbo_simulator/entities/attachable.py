"""Attachable: a note, or a file that came in by upload, with what it is attached to."""

from qbo_simulator.effects.attachables import check_content, check_targets, drop_file, show_addresses
from qbo_simulator.engine.kinds import Choice, Flag, Text, Whole
from qbo_simulator.engine.objects import Composite, ListOf
from qbo_simulator.engine.schema import Entity, Field

TARGET = Composite({"value": Text(), "type": Text()}, required=("value", "type"), ignored=("name",))
ATTACHED_TO = Composite(
    {"EntityRef": TARGET, "IncludeOnSend": Flag(), "LineInfo": Text(), "Inactive": Flag(), "NoRefOnly": Flag()},
    ignored=("CustomField", "ObjectName"),
)
CATEGORIES = ("Contact Photo", "Document", "Image", "Receipt", "Signature", "Sound", "Other")

ATTACHABLE = Entity(
    name="Attachable",
    sequence="Attachable",
    label="FileName",
    kept_in="Attachables",
    fields=(
        Field("FileName", Text(1000), query=True, index=True),
        Field("Size", Whole(), server=True),
        Field("ContentType", Text(100), query=True),
        Field("Category", Choice(CATEGORIES), query=True),
        Field("Lat", Text(100)),
        Field("Long", Text(100)),
        Field("PlaceName", Text(2000)),
        Field("PlaceDate", Text()),
        Field("Tag", Text(2000)),
        Field("Note", Text(2000), query=True),
        Field("AttachableRef", ListOf(ATTACHED_TO)),
        None,
    ),
    ignored=frozenset({
        "FileAccessUri", "TempDownloadUri", "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri", "CustomField",
    }),
    prepare=(check_content, check_targets),
    effects=(drop_file,),
    shown=(show_addresses,),
)  # fmt: skip
