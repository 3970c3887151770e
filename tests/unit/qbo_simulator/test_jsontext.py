"""JSON as text and back."""

import pytest

from qbo_simulator import jsontext


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a":[1,2.5,"\xc3\xa4",null,true]}', {"a": [1, 2.5, "ä", None, True]}),
        ('"ä"', "ä"),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        ("[" * 100 + "1" + "]" * 100, None),
        ("[" + ",".join(["{}"] * 200) + "]", [{}] * 200),
        ('"' + "[" * 200 + '"', "[" * 200),
    ],
)
def test_what_is_read_can_be_written_again(text: bytes | str, value: object) -> None:
    read = jsontext.read(text)
    assert value is None or read == value
    assert jsontext.read(jsontext.written(read)) == read


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "Infinity", b"\xff", '"\\ud800"', '"\ud800"', "[" * 101 + "]" * 101, "[" * 5000 + "]" * 5000],
)
def test_what_is_no_json_is_refused(text: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"."):
        jsontext.read(text)


def test_a_text_is_compact() -> None:
    assert jsontext.written({"a": [1, 62.5, "ä", None]}) == '{"a":[1,62.5,"ä",null]}'.encode()
