"""`make chaos`: workers killed and frozen at random moments, whatever QuickBooks does meanwhile.

Each round an office with everything that can be copied is copied to new books by a real Celery worker, over real
sockets, while QuickBooks loses answers, fails, and asks for patience. Again and again the worker is killed, or frozen
past its lease until another has taken over. When the run is over the books are compared with the plan. Everything is
drawn from the seed; the moments also depend on how fast the machine is, so the same seed finds the same again only as
a rule. Answers 1 where anything was lost, doubled, unexpected, out of order, left unknown, wrong, or sent too late.

With --of imports each round imports a company's customers, vendors and employees instead: once undisturbed, then again
from the same beginning while workers are struck, in reading, planning and applying. What is there in the end (records,
links, reports, directory, history) must be the same to the last field.
"""

import argparse
import os
import sys
from pathlib import Path
from random import SystemRandom

from bench.served import simulator
from tests.faults.chaos import services


def main() -> int:
    options = _options()
    if missing := services.why_not(options.on):
        sys.exit(missing)
    print(f"SEED={options.seed} on {services.PAIRS[options.on]}", flush=True)
    with services.settings(options.on, options.migrated) as given, simulator() as served:
        os.environ |= given | {"QBO_SIMULATOR_URL": served.url}
        import django
        from django.core.management import call_command

        django.setup()
        if not options.migrated:
            call_command("migrate", verbosity=0)
        from tests.faults.chaos import campaign

        log = options.log or Path(given["SMMWARE_VAR_DIR"]) / "workers.log"
        asked = {"seed": options.seed, "kills": options.kills, "of": options.of}
        played = []
        for each in campaign.rounds(served, log.absolute(), **asked):
            played.append(each)
            print(campaign.line(each), flush=True)
        print(campaign.table(played))
        return 0 if campaign.all_is_well(played) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--seed", type=int, default=SystemRandom().randrange(10**6), help="what everything is drawn from"
    )
    parser.add_argument("--kills", type=int, default=100, help="how many workers to kill or freeze (%(default)s)")
    parser.add_argument("--of", nargs="+", choices=("copies", "imports"), default=["copies"], help="what to strike at")
    parser.add_argument("--on", choices=services.PAIRS, default=services.usual_pair(), help="here: %(default)s")
    parser.add_argument("--migrated", default="", help="a migrated database, or SQLite's file, to begin with a copy of")
    parser.add_argument("--log", type=Path, help="keep what the workers write in this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
