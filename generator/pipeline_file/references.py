"""Variables of the pipeline in a text: `#{namespace.name}`, and what there is to name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.document import Document, Path
from generator.errors import Problem
from generator.model.text import Text

Namespaces = Mapping[str, tuple[str, ...] | None]
"""What each namespace holds; None: the outputs of a stack, which only its template knows."""

OWN = "variables"
"""CodePipeline's namespace of the variables a pipeline declares."""

_REFERENCE = re.compile(r"#\{([^}]*)\}")


def unknown(document: Document, path: Path, text: Text, namespaces: Namespaces) -> Iterator[Problem]:
    """Each variable of a text that this pipeline has not, or not yet."""
    for variable in _REFERENCE.findall(text):
        namespace, _, name = variable.partition(".")
        names = namespaces.get(namespace, ())
        if not name or (names is not None and name not in names):
            message = f"'#{{{variable}}}' is not a variable of this pipeline: an unresolved one fails"
            declare = f"declare it: variables: {{{name}: {{default: ...}}}}; " if namespace == OWN and name else ""
            yield document.problem(path, message, f"{declare}there are {_listed(namespaces)}")


def free_text(document: Document, path: Path, text: Text) -> Iterator[Problem]:
    """A commit message where it would become part of JSON."""
    if "#{Source.CommitMessage}" in text:
        message = "a commit message cannot be a parameter: a quote in it would break the JSON of all parameters"
        yield document.problem(path, message, "an approval's message may carry it; a parameter the commit's id")


def _listed(namespaces: Namespaces) -> str:
    names = ((space, name) for space in sorted(namespaces) for name in namespaces[space] or ("<output>",))
    return ", ".join(f"{space}.{name}" for space, name in names)
