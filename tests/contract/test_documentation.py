"""docs/simulator.md: its examples work, and what it names is there."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from qbo_simulator.control.controls import CONTROLS
from scripts.facts import BEGIN, END, renewed
from tests.contract.conftest import Simulated
from tests.contract.marks import simulator_only

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "simulator.md").read_text()
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
pytestmark = simulator_only("it is the simulator's manual")


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_understood(fresh: Simulated, example: str) -> None:
    wanted = json.loads(example)
    shown = fresh.behave(**wanted)
    assert set(wanted) <= set(shown)
    for name, value in wanted.items():
        if isinstance(value, dict) and name != "clock":
            assert {part: shown[name][part] for part in value} == value


@pytest.mark.parametrize(("method", "path"), re.findall(r"^\| `(GET|PUT|POST|DELETE) (/_simulator/\w+)`", PAGE, re.M))
def test_every_request_that_is_named_is_answered(fresh: Simulated, method: str, path: str) -> None:
    answer = fresh.plain(method, path, {} if method in ("PUT", "POST") else None)
    assert answer.status in (200, 400), answer.text  # 400: the empty body leaves out what it needs
    assert "error" in answer.json or answer.status == 200


def test_the_requests_of_one_minute(fresh: Simulated) -> None:
    tokens = fresh.control("POST", "tokens")
    (path,) = re.findall(r'"http://127\.0\.0\.1:8001(/v3/company/\$REALM/query\?query=\S+)"', PAGE)
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    asked, _, query = path.replace("$REALM", tokens["realm_id"]).partition("?query=")
    answer = fresh.http.send("GET", asked, {"query": unquote(query)}, headers, None)
    assert len(answer.json["QueryResponse"]["Customer"]) == 2


def test_every_switch_that_is_named_exists() -> None:
    (section,) = re.findall(r"## What is uncertain at Intuit\n(.*?)```", PAGE, re.DOTALL)
    named = re.findall(r"`(\w+)`", section)
    assert [name for name in named if name not in CONTROLS] == []
    assert named != []


def test_the_tables_are_renewed_between_their_marks() -> None:
    page = f"Before\n{BEGIN}\nold\n{END}\nAfter\n"
    text = renewed(page)
    assert "\nold\n" not in text
    assert (text.startswith("Before\n"), text.endswith(f"{END}\nAfter\n")) == (True, True)
    assert renewed(text) == text
