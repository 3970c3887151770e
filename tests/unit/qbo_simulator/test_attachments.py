"""Notes and files: attached, uploaded, read and deleted."""

import base64
import io
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, without

LINE_FEEDS_ONLY = """
--SIMPLE
Content-Disposition: form-data; name="file_metadata_01"
Content-Type: application/json

{metadata}

--SIMPLE
Content-Disposition: form-data; name="file_content_01"
Content-Type: text/plain
Content-Transfer-Encoding: base64

{content}

--SIMPLE--
"""
VENDOR = {"EntityRef": {"value": "56", "type": "vendor", "name": "whoever"}}


def upload(company: Company, **parts: Any) -> list[dict[str, Any]]:
    answer = company.ask("POST", "upload", data=parts, content_type="multipart/form-data").get_json()
    return answer["AttachableResponse"]


def file(content: bytes, name: str = "plan.txt", kind: str = "text/plain") -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(content), name, kind


def fetched(company: Company, url: str) -> Any:
    parts = urlsplit(url)
    return company.client.get(parts.path, query_string=parts.query)


def test_a_note_is_attached_changed_and_deleted(company: Company) -> None:
    note = company.made("Attachable", Note="Ring twice", AttachableRef=[VENDOR])
    assert without(note, "MetaData") == {
        "Note": "Ring twice",
        "AttachableRef": [{"EntityRef": {"value": "56", "type": "Vendor"}}],
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "0",
    }
    company.made("Attachable", Id="1", SyncToken="0", sparse=True, Note="Ring once")
    assert [each["Note"] for each in company.rows("select * from Attachable", "Attachable")] == ["Ring once"]
    gone = company.post("Attachable", {"Id": "1", "SyncToken": "1"}, operation="delete")
    assert gone == {"Attachable": {"status": "Deleted", "domain": "QBO", "Id": "1"}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"AttachableRef": [VENDOR]}, "2020"),
        ({"Note": "x", "AttachableRef": [{"EntityRef": {"value": "999", "type": "Vendor"}}]}, "2500"),
        ({"Note": "x", "AttachableRef": [{"EntityRef": {"value": "1", "type": "Unicorn"}}]}, "2170"),
        ({"Note": "x", "AttachableRef": [{"EntityRef": {"value": "1"}}]}, "2020"),
        ({"Note": "x" * 2001}, "2050"),
    ],
)
def test_what_cannot_be_attached(company: Company, body: dict[str, Any], expected: str) -> None:
    assert code(company.post("Attachable", body)) == expected


def test_a_target_may_be_left_open(company: Company) -> None:
    assert company.made("Attachable", Note="x", AttachableRef=[{"IncludeOnSend": True}])["AttachableRef"] == [
        {"IncludeOnSend": True}
    ]


@time_machine.travel("2026-08-16T17:00:00Z", tick=False)
def test_a_file_comes_in_with_what_is_known_of_it_and_goes_out_again(company: Company) -> None:
    metadata = {"AttachableRef": [VENDOR], "Note": "Second floor", "FileName": "floor.txt", "Id": None, "Category": ""}
    [answer] = upload(
        company, file_metadata_01=(io.BytesIO(json.dumps(metadata).encode()), None, "application/json"),
        file_content_01=file(b"two rooms"),
    )  # fmt: skip
    made = answer["Attachable"]
    url = made["TempDownloadUri"]
    assert without(made, "TempDownloadUri", "MetaData") == {
        "FileName": "floor.txt",
        "FileAccessUri": f"/v3/company/{company.realm}/download/1",
        "Size": 9,
        "ContentType": "text/plain",
        "Note": "Second floor",
        "AttachableRef": [{"EntityRef": {"value": "56", "type": "Vendor"}}],
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "0",
    }
    assert url.startswith(f"http://localhost/attachments/{company.realm}/1/floor.txt?Expires=1786900500&Signature=")
    content = fetched(company, url)
    assert (content.data, content.headers["Content-Disposition"]) == (b"two rooms", "attachment; filename=floor.txt")
    told = company.ask("GET", "download/1", base_url="http://books.test:8001")
    assert told.text.startswith(f"http://books.test:8001/attachments/{company.realm}/1/floor.txt?")
    with time_machine.travel("2026-08-16T17:15:01Z", tick=False):
        assert fetched(company, url).status_code == 403
    assert fetched(company, url.replace("/1/", "/2/")).status_code == 403
    company.post("Attachable", {"Id": "1", "SyncToken": "0"}, operation="delete")
    assert fetched(company, url).status_code == 404
    assert code(company.ask("GET", "download/1").get_json()) == "610"


def test_a_file_alone_is_called_as_its_part_says(company: Company) -> None:
    answers = upload(company, file_content_01=file(b"a", "a.png", "image/png"), file_content_02=file(b"bb", "b.txt"))
    shown = [[each["Attachable"][name] for name in ("FileName", "ContentType", "Size")] for each in answers]
    assert shown == [["a.png", "image/png", 1], ["b.txt", "text/plain", 2]]


def test_a_body_of_line_feeds_alone_and_base64(company: Company) -> None:
    text = LINE_FEEDS_ONLY.format(
        metadata=json.dumps({"FileName": "x.txt", "Note": "n"}, indent=4),
        content=base64.b64encode(bytes(range(256)) * 3000).decode(),
    )
    response = company.ask("POST", "upload", data=text, content_type="multipart/form-data; boundary=SIMPLE")
    made = response.get_json()["AttachableResponse"][0]["Attachable"]
    assert (made["FileName"], made["Size"]) == ("x.txt", 768000)
    assert fetched(company, made["TempDownloadUri"]).data == bytes(range(256)) * 3000


def test_one_refused_file_does_not_hold_up_the_others(company: Company) -> None:
    unknown = io.BytesIO(b'{"Colour": "red"}')
    answers = upload(
        company,
        file_metadata_01=(unknown, None, "application/json"),
        file_content_01=file(b"a"),
        file_content_02=file(b"b"),
        file_metadata_03=(io.BytesIO(b"{}"), None, "application/json"),
        file_metadata_04=(io.BytesIO(b"[]"), None, "application/json"),
        file_content_04=file(b"c"),
        file_metadata_05=(io.BytesIO(b"{"), None, "application/json"),
        file_content_05=file(b"c"),
    )
    found = sorted(code(each) if "Fault" in each else each["Attachable"]["Id"] for each in answers)
    assert found == ["1", "2010", "2010", "2010", "2020"]


def test_what_is_no_upload(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code(company.ask("GET", "upload").get_json()) == "500"
    assert code(company.ask("POST", "upload", data=b"", content_type="multipart/form-data").get_json()) == "400"
    assert code(company.ask("POST", "upload", data={"other": "x"}).get_json()) == "400"
    broken = LINE_FEEDS_ONLY.format(metadata="{}", content="x")
    response = company.ask("POST", "upload", data=broken, content_type="multipart/form-data; boundary=SIMPLE")
    assert code(response.get_json()["AttachableResponse"][0]) == "400"
    monkeypatch.setattr("qbo_simulator.files.upload.LARGEST", 3)
    assert code(upload(company, file_content_01=file(b"four"))[0]) == "6000"
