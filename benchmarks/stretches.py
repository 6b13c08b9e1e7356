"""What `penstock generate` and `penstock check` spend their time on, step by step in a process of its own.

`python -m benchmarks.stretches FOLDER` in a folder's pipeline file takes the way of both commands and prints JSON: each
step and the processor's seconds that it took.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from importlib import import_module
from pathlib import Path

_IMPORTED = {
    "click": ("click", "generator.cli.main"),
    "yaml": ("yaml",),
    "jsonschema-rs": ("jsonschema_rs",),
    "troposphere": ("troposphere",),
    "our modules": ("generator.compiler.findings", "generator.render.template_text"),
}


class Laps:
    """The steps and the processor's seconds of each; what comes before the first is Python's own start."""

    def __init__(self) -> None:
        self.seconds = {"Python's start": time.process_time()}
        self._since = time.process_time()

    def end(self, step: str) -> None:
        """The step is over that began with the end of the one before."""
        now = time.process_time()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._since
        self._since = time.process_time()


def main(arguments: list[str], laps: Laps) -> int:
    """Print the steps; returns the exit code."""
    _imports(laps)
    _commands(Path(arguments[0]), laps)
    json.dump(laps.seconds, sys.stdout)
    return 0


def _imports(laps: Laps) -> None:
    for step, modules in _IMPORTED.items():
        for module in modules:
            import_module(module)
        laps.end(f"import: {step}")
    from generator.pipeline_file import kinds, schema  # noqa: PLC0415 - each import is measured

    schema.keys()
    for kind in (kinds.frameworks, kinds.notifications, kinds.sources, kinds.stages, kinds.test_kinds):
        kind()
    laps.end("import: our modules")


def _commands(folder: Path, laps: Laps) -> None:
    from generator.compiler.findings import full, quick  # noqa: PLC0415 - each import is measured
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415
    from generator.pipeline_file import schema  # noqa: PLC0415
    from generator.pipeline_file.validation import load  # noqa: PLC0415
    from generator.render import template_text  # noqa: PLC0415
    from generator.repository.files import Repository  # noqa: PLC0415

    file, today = folder / "pipeline.yaml", dt.datetime.now(tz=dt.UTC).date()
    load(file, "pipeline.yaml", schema.pipeline_file())
    laps.end("generate: the file, held to its schema")
    pipeline = compile_file(file, "pipeline.yaml", Repository(folder))
    laps.end("generate: the model, and the file once more")
    templates = template_text.templates(pipeline.pipeline, "pipeline.yaml", "0")
    laps.end("generate: the template, by troposphere and as YAML")
    quick(pipeline, templates, today)
    laps.end("generate: what is wrong with the application")
    full(pipeline, templates, today)
    laps.end("check: SAM's translator, cfn-lint, and all of generate's checks once more")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Laps()))
