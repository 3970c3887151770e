"""The controls on the command line: at the start of the simulator, and of one that runs already."""

import argparse
import json
import sys
from collections.abc import Iterable

import urllib3

from qbo_simulator.control.behaviour import is_control
from qbo_simulator.control.controls import CONTROLS, as_text, of_text
from qbo_simulator.control.values import Group

USUAL_ADDRESS = "http://127.0.0.1:8001"
OK = 200


def pair(text: str) -> tuple[str, str]:
    """`name=value` of an argument.  Raises argparse.ArgumentTypeError with a sentence."""
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not name=value")
    if not is_control(name):
        raise argparse.ArgumentTypeError(f"there is no control {name}; `controls` lists them")
    return name, value


def set_running(given: list[str]) -> int:
    """`set [--at URL] name=value …`: change a simulator that runs, and show how it then behaves."""
    parser = argparse.ArgumentParser(
        prog="python -m qbo_simulator set", description="Change how a running simulator behaves, or show it."
    )
    parser.add_argument("--at", default=USUAL_ADDRESS, help=f"where it listens (default: {USUAL_ADDRESS})")
    parser.add_argument("pairs", nargs="*", type=pair, metavar="name=value", help="a control, or group.part of one")
    options = parser.parse_args(given)
    wanted = {name: of_text(name, text) for name, text in options.pairs}
    try:
        answer = urllib3.request(
            "PUT", f"{options.at.rstrip('/')}/_simulator/behaviour", json=wanted, retries=False, timeout=10
        )
        content = answer.json()
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        return complain(f"No simulator answers at {options.at}: {error}")
    if answer.status != OK:
        return complain(content["error"])
    sys.stdout.write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return 0


def list_controls(given: list[str]) -> int:
    """`controls`: every control with its default and what it does."""
    argparse.ArgumentParser(prog="python -m qbo_simulator controls", description="List the controls.").parse_args(given)
    sys.stdout.writelines(f"{line}\n" for line in described())
    return 0


def described() -> Iterable[str]:
    """`name=default  what it does`, a line for each control and each part of one."""
    for control in CONTROLS.values():
        if isinstance(control.value, Group):
            for name, part in control.value.parts.items():
                yield f"{control.name}.{name}={as_text(part.default)}  {part.help}"
        else:
            yield f"{control.name}={as_text(control.default)}  {control.help}"


def complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


COMMANDS = {"set": set_running, "controls": list_controls}
