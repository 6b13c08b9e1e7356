"""Runs every scanner over every golden template; exits 1 when a finding has no reason in accepted.yaml."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from scanners import launched
from scanners.findings import Finding
from scanners.installing import ScannerError, Tool
from scanners.reasons import accepted, outlived, unexplained
from scanners.tools import TOOLS


def main() -> int:
    """Print what has no reason and which reasons nothing needs; 1 if there is either, 2 if a scanner failed."""
    options = _options()
    chosen = {tool: scan for tool, scan in TOOLS.items() if tool.name in options.only}
    folder = options.cache / "launched"
    as_written = launched.written()
    templates = launched.templates(as_written)
    launched.write(templates, folder)
    launched.write(as_written, folder.parent / "written")
    reasons, findings, failed = accepted(), dict[Tool, set[Finding]](), False
    for tool, scan in chosen.items():
        try:
            findings[tool] = set(scan(options.cache, folder, templates))
        except (OSError, ScannerError) as problem:
            failed = True
            print(f"{tool.name} could not be run: {problem}", file=sys.stderr)
    together = set[Finding]().union(*findings.values())
    open_ones = unexplained(together, reasons)
    for line in (*_rows(findings, len(templates)), *map(_line, open_ones)):
        print(line)
    # Which reason belongs to which tool nothing says: only a run of all can tell that one is idle.
    idle = outlived(together, reasons) if len(findings) == len(TOOLS) else ()
    for check, reason in idle:
        print(f"accepted.yaml: nothing fails {check} in {', '.join(reason.where)} any more")
    return 2 if failed else int(bool(open_ones or idle))


def _options() -> argparse.Namespace:
    names = [tool.name for tool in TOOLS]
    parser = argparse.ArgumentParser(prog="python -m scanners", description=__doc__)
    home = Path.home() / ".cache" / "penstock-scanners"
    parser.add_argument(
        "--cache", type=Path, default=home, help="where scanners and templates lie (default: %(default)s)"
    )
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="TOOL", help=", ".join(names))
    return parser.parse_args()


def _rows(findings: dict[Tool, set[Finding]], templates: int) -> Iterator[str]:
    """The rows of docs/security.md: what was run over what, and how many rules and places it named."""
    for tool, reported in findings.items():
        rules = len({entry.rule for entry in reported})
        yield f"| {tool.name} | {tool.version} | {templates} | {rules} | {len({(o.rule, o.where) for o in reported})} |"


def _line(finding: Finding) -> str:
    return f"{finding.tool} {finding.rule} in {finding.where} has no reason: {finding.says}"


if __name__ == "__main__":
    sys.exit(main())
