"""`make bench`: how fast records are copied to QuickBooks, beside what else a user could pick.

Side by side against the real simulator, which answers after 100 ms and 10 ms more an operation: python-quickbooks'
objects saved one by one, its batch_create kind by kind, and this engine; the engine with ten times the records, and
once more with the speed limits kept. Each copy is a process of its own on a database of its own. It prints the
figures beside what they have to reach, writes them to var/bench/push.json, and answers 1 where one is missed.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.database import database_used, environment, throttle_used

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "var" / "bench" / "push.json"
ROUNDS = 3  # the engine's CPU is the median of so many
FACTOR = 10

Figures = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """One figure beside what it has to reach; `least`: whether the bound is the least it may be, not the most."""

    what: str
    figure: float
    bound: float
    least: bool = False

    @property
    def holds(self) -> bool:
        return self.figure >= self.bound if self.least else self.figure <= self.bound

    def line(self) -> str:
        bound = f"{'≥' if self.least else '≤'} {self.bound:g}"
        return f"{self.what:<72}{self.figure:>10.3f}{bound:>12}{'' if self.holds else '  MISSED'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="copies of which the engine's CPU is the median")
    options = parser.parse_args()
    print(f"On {database_used()}; requests are counted in {throttle_used()}.", flush=True)
    report = {
        "one_by_one": _copy("one_by_one", 1),
        "batch_create": _copy("batch_create", 1),
        "engine": _median([_copy("engine", 1) for _ in range(options.rounds)]),
        "engine_x10": _median([_copy("engine", FACTOR) for _ in range(options.rounds)]),
        "limited": _copy("limited", FACTOR),
    }
    _note_growth(report)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    return _show(report)


def _copy(way: str, factor: int) -> Figures:
    with environment() as given:
        command = [sys.executable, "-m", "bench.child", way, str(factor)]
        ended = subprocess.run(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        sys.exit(ended.returncode)
    figures: Figures = json.loads(ended.stdout.splitlines()[-1])
    print(f"  {way} × {factor}: {_told(figures)}", flush=True)
    return figures


def _told(figures: Figures) -> str:
    return ", ".join(f"{name} {value:,}" for name, value in figures.items())


def _median(rounds: list[Figures]) -> Figures:
    """The round whose CPU is the median, so that its figures belong together."""
    middle = statistics.median_low(each["cpu_ms_per_record"] for each in rounds)
    return next(each for each in rounds if each["cpu_ms_per_record"] == middle)


def _note_growth(report: dict[str, Figures]) -> None:
    """KB of peak memory for each record more, between one and ten times the records."""
    small, big = report["engine"], report["engine_x10"]
    growth = (big["peak_kb"] - small["peak_kb"]) / (big["records"] - small["records"])
    small["peak_kb_per_record"] = big["peak_kb_per_record"] = round(growth, 3)


def targets(report: dict[str, Figures]) -> Iterator[Target]:
    """What the figures have to reach."""
    alone, batches, limited = report["one_by_one"], report["batch_create"], report["limited"]
    engine, big = report["engine"], report["engine_x10"]
    for name, each in (("", engine), (", ten times the records", big)):
        yield Target(f"writes beside the fewest possible{name}", each["writes"] / each["fewest_writes"], 1.05)
        yield Target(f"reads{name}", each["reads"], 10 + 2 * each["records"] / 1000)
        yield Target(f"ms of the engine's CPU a record{name}", each["cpu_ms_per_record"], 1.5)
        yield Target(f"queries a record{name}", each["queries_per_record"], 0.35)
    yield Target("times as fast as one by one, limits off", alone["wall_s"] / engine["wall_s"], 20, least=True)
    yield Target("times as fast as batch_create, limits off", batches["wall_s"] / engine["wall_s"], 3, least=True)
    yield Target("KB of peak memory for each record more", big["peak_kb_per_record"], 1.5)
    yield Target("CPU a record with ten times the records", big["cpu_ms_per_record"] / engine["cpu_ms_per_record"], 1.2)
    yield Target("seconds until the plan of 5,000 invoices is shown", big["plan_s"], 2)
    yield Target("seconds from Next to the first progress", big["first_progress_s"], 2)
    yield Target("share of what the limits allow, ten times Intuit's", limited["share_of_allowed"], 0.95, least=True)
    yield Target("requests refused for coming too fast (429)", limited["throttled"], 0)


def _show(report: dict[str, Figures]) -> int:
    print(f"\n{'':<26}{'records':>9}{'requests':>10}{'seconds':>10}{'CPU ms/record':>15}")
    for name in ("one_by_one", "batch_create", "engine", "engine_x10"):
        each = report[name]
        print(
            f"{name:<26}{each['records']:>9,}{each['requests']:>10,}{each['wall_s']:>10.1f}"
            f"{each['cpu_ms_per_record']:>15.2f}"
        )
    print(f"one_by_one was measured on {report['one_by_one']['measured_on']} records and scaled, kind by kind.\n")
    reached = list(targets(report))
    print("\n".join(each.line() for each in reached))
    print(f"\nWritten to {REPORT.relative_to(ROOT)}.")
    return 0 if all(each.holds for each in reached) else 1


if __name__ == "__main__":
    sys.exit(main())
