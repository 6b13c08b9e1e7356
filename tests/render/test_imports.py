"""What rendering does not load: `generate` is one short process, and most of it is imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_STARTER = Path(__file__).parents[2] / "blueprints" / "time-service-python"
RENDER = "import sys; import generator.render.template_text; print(*sorted(sys.modules))"


def loaded(program: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["boto3", "botocore", "cfnlint", "cfn_flip.yaml_dumper", "samtranslator", "rich"])
def test_rendering_loads_none_of_the_heavy_modules(module: str) -> None:
    assert module not in loaded(RENDER)


def test_a_command_that_rehearses_nothing_loads_only_where_rehearsals_are_noted(tmp_path: Path) -> None:
    program = (
        "import sys; from generator.cli.main import run; run(['generate', '-o', sys.argv[1]]);"
        "print(*(name for name in sys.modules if name.startswith('generator.rehearsal')))"
    )
    words = [sys.executable, "-c", program, str(tmp_path / "template.yaml")]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(words, cwd=_STARTER, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["generator.rehearsal", "generator.rehearsal.folders"]


def test_what_is_deferred_is_there_for_whoever_uses_it() -> None:
    used = 'import generator.render.template_text; import cfn_flip; print(cfn_flip.to_yaml("{\\"a\\": 1}"))'
    done = subprocess.run([sys.executable, "-c", used], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "a: 1"
