"""Runs the unit tests and gathers what their runners report, as JUnit, in the folder reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import packages

REPORTS = Path("reports")
# Each runner leaves its report where it runs, so that suites in several folders leave several.
LEFT = ".unit-tests-of-this-build"
_FOREIGN = {".git", "node_modules", "__pycache__"}


def environment(command: str) -> dict[str, str]:
    """What makes pytest, node:test, jest, mocha and vitest report; CI, since some would wait for changes."""
    options = os.environ.get("NODE_OPTIONS", "")
    scripts = [f"{folder}/package.json" for folder in packages.around(packages.folders_of_code())]
    texts = [command, *(Path(script).read_text() for script in scripts if os.path.isfile(script))]
    # Node's own runner reports to the log and to the file, unless its command names reporters itself.
    if not any("--test-reporter" in text for text in texts):
        options += " --test-reporter=spec --test-reporter-destination=stdout"
        options += f" --test-reporter=junit --test-reporter-destination={LEFT}.xml"
    return {
        **os.environ,
        "CI": "true",
        "NODE_OPTIONS": f'{options} "--require={Path(__file__).parent}/reporters.cjs"',
        "PYTEST_ADDOPTS": f"--junitxml={LEFT}.xml {os.environ.get('PYTEST_ADDOPTS', '')}",
        "UNIT_TESTS_LEFT": LEFT,
    }


def gather() -> int:
    """Move every report that was left into the folder of reports; how many there were."""
    REPORTS.mkdir(exist_ok=True)
    count = 0
    for folder, below, files in os.walk("."):
        below[:] = [name for name in below if name not in _FOREIGN]
        for name in sorted(files):
            if name.startswith(LEFT):
                count += 1
                left, target = Path(folder, name), REPORTS / f"unit-{count}.xml"
                if name.endswith(".json"):
                    _as_junit(json.loads(left.read_text()), target)
                    left.unlink()
                else:
                    left.replace(target)
    return count + len([path for path in REPORTS.rglob("*.xml") if not path.name.startswith("unit-")])


def _as_junit(cases: list[dict[str, str]], target: Path) -> None:
    """Write cases ({name, state, words}) as JUnit."""
    suite = ET.Element("testsuite", name="unit")
    for case in cases:
        element = ET.SubElement(suite, "testcase", name=case["name"])
        if case["state"] != "passed":
            ET.SubElement(element, case["state"], message=case["words"][:200]).text = case["words"]
    ET.ElementTree(suite).write(target, encoding="unicode", xml_declaration=True)


def main() -> int:
    """Run the unit tests; the status of their command."""
    REPORTS.mkdir(exist_ok=True)
    command = os.environ.get("UNIT_TEST_COMMAND", "")
    if not command:
        print("no unit tests")
        _as_junit([{"name": "no unit tests", "state": "skipped", "words": ""}], REPORTS / "unit.xml")
        return 0
    status = subprocess.call(["bash", "-eo", "pipefail", "-c", command], env=environment(command))
    if not gather():
        # A runner that reports nothing here: its status is all there is to count.
        state = "failure" if status else "passed"
        case = {"name": command, "state": state, "words": f"exit status {status}"}
        _as_junit([case], REPORTS / "unit.xml")
    return status


if __name__ == "__main__":
    sys.exit(main())
