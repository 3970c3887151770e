"""What the documents say of files, commands and settings is there; and every setting is said."""

import re
import subprocess
from pathlib import Path

import pytest

from scripts import fault_page, state_pictures

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOT_OF_DJANGO = {
    "SMMWARE_OWNER_PASSWORD",
    "SMMWARE_TEST_REQUIRE",
    "SMMWARE_TEST_DATABASE_URL",
    "SMMWARE_TEST_BROKER_URL",
    "CHROMIUM_PATH",
}


def documented_settings() -> set[str]:
    rows = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs" / "configuration.md").read_text(), re.M)
    return set(re.findall(r"`([A-Z_]+)`", " ".join(rows)))


def test_every_setting_is_documented_and_no_other() -> None:
    source = (ROOT / "smmware" / "settings.py").read_text()
    read = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', source))
    assert documented_settings() == read | NOT_OF_DJANGO


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_links_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text())
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"(?:^    |`|=[^ `]+ )make ([a-z-]+)", document.read_text(), re.M))
    assert named <= targets


def test_the_pictures_of_the_states_are_those_of_the_tables() -> None:
    assert state_pictures.PAGE.read_text(encoding="utf-8") == state_pictures.page()


def test_the_page_of_faults_is_that_of_the_table() -> None:
    assert fault_page.PAGE.read_text(encoding="utf-8") == fault_page.page()


def test_the_page_on_qbo_sync_names_each_of_its_modules_and_those_of_an_import() -> None:
    package = ROOT / "qbo_sync"
    there = {path.stem + ("/" if path.is_dir() else "") for path in package.iterdir() if path.stem[0] not in "._"}
    there |= {f"pull/{path.stem}" for path in (package / "pull").glob("[!_]*.py")}
    page = (ROOT / "docs" / "inside-qbo-sync.md").read_text()
    rows = re.findall(r"^\| (`[^|]+) \|", page, re.M)
    assert set(re.findall(r"`([^`]+)`", " ".join(rows))) == there - {"migrations/"}


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    assert re.findall(r"\((0[^)]+)\)", (folder / "README.md").read_text()) == pages


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_requirements_are_pinned_name_no_index_and_say_what_they_are_for(name: str) -> None:
    wanted = [line for line in (ROOT / f"{name}.in").read_text().splitlines() if line[:1].isalpha()]
    assert [line for line in wanted if "#" not in line] == []
    pinned = (ROOT / f"{name}.txt").read_text().splitlines()
    assert [line for line in pinned if "index-url" in line or "://" in line] == []
    assert [line for line in pinned if line[:1].isalpha() and "==" not in line] == []
    packages = {re.split(r"[=\[ ]", line)[0].lower() for line in pinned if line[:1].isalpha()}
    assert {re.split(r"[=<>\[ ]", line)[0].lower() for line in wanted} <= packages


def test_no_file_names_a_folder_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    files = [
        ROOT / name for name in listed if name.endswith((".py", ".md", ".toml", ".txt", ".in", ".html", "Makefile"))
    ]
    folder = re.compile(r"(?<![\w.])/(home|root|work)/\w")
    assert [path.name for path in files if path.exists() and folder.search(path.read_text())] == []
