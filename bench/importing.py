"""`make bench-import`: how fast a company's customers come in, beside fetching the same pages bare.

The real simulator answers each query after two seconds. 10,000 lifelike customers, of whom a thousand are here already,
half of them under slightly different names: reading, planning and, after “Next”, applying, in a process and a database
of its own. It prints the figures beside what they have to reach, writes them to var/bench/import.json, and answers 1
where one is missed.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench.__main__ import ROOT, Target
from bench.database import database_used, environment

REPORT = ROOT / "var" / "bench" / "import.json"
CUSTOMERS = 10_000
DELAY_MS = 2000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--delay", type=int, default=DELAY_MS, help="milliseconds that QuickBooks takes for a query")
    options = parser.parse_args()
    print(f"On {database_used()}; QuickBooks takes {options.delay / 1000:g} s for each query.", flush=True)
    figures = _import(options.customers, options.delay)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(figures, indent=2) + "\n")
    for name, value in figures.items():
        print(f"  {name:<24}{value:>12,}")
    reached = list(targets(figures))
    print("\n" + "\n".join(each.line() for each in reached))
    print(f"\nWritten to {REPORT.relative_to(ROOT)}.")
    return 0 if all(each.holds for each in reached) else 1


def _import(customers: int, delay: int) -> dict[str, Any]:
    with environment() as given:
        command = [sys.executable, "-m", "bench.importing_child", str(customers), str(delay)]
        ended = subprocess.run(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        sys.exit(ended.returncode)
    figures: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return figures


def targets(figures: dict[str, Any]) -> Iterator[Target]:
    """What the figures have to reach."""
    yield Target("times as long as fetching the same pages bare", figures["import_s"] / figures["bare_s"], 1.5)
    yield Target("KB of peak memory for each customer", figures["peak_kb"] / figures["customers"], 3)


if __name__ == "__main__":
    sys.exit(main())
