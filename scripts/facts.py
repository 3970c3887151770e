"""Print the table of facts, and write what docs/simulator.md shows of it between its two marks."""

import re
from pathlib import Path

from qbo_simulator.facts.report import main as print_facts
from qbo_simulator.facts.report import markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "simulator.md"
BEGIN, END = "<!-- facts: written by `make facts` -->", "<!-- facts end -->"


def renewed(text: str) -> str:
    """The page with the present tables between its marks."""
    tables = "\n".join([BEGIN, "", *markdown(), "", END])
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda match: tables, text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print_facts([])
