"""What a framework offers that has nothing to say of a subject: its module takes these as its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.application.functions import Function
from generator.application.template import Template
from generator.document import Document
from generator.errors import Problem
from generator.frameworks import OwnConfiguration
from generator.model.iam import Statement
from generator.model.text import NOTHING
from generator.repository.files import Repository


def stack(_repository: Repository, _path: str, _stage: str) -> str:
    """Stacks have the pipeline's names."""
    return ""


def languages(_repository: Repository, _path: str) -> Mapping[str, str]:
    """Languages are read from templates."""
    return NOTHING


def described(_repository: Repository, _path: str, _stage: str, _stack: str) -> Template | None:
    """Nothing is known of a template that the build makes."""
    return None


def functions(_document: Document, _repository: Repository, _path: str) -> Iterator[Function]:
    """Functions are read from templates."""
    return iter(())


def problems(_document: Document, _repository: Repository, _path: str) -> Iterator[Problem]:
    """Nothing that a build could not carry out."""
    return iter(())


def remarks(_document: Document, _repository: Repository, _path: str) -> Iterator[Problem]:
    """Nothing that somebody should know."""
    return iter(())


def statements(_repository: Repository, _path: str, _stages: Sequence[str]) -> tuple[Statement, ...]:
    """A build needs no right of the application's."""
    return ()


def environment(_repository: Repository, _path: str) -> Mapping[str, str]:
    """A build is told nothing more."""
    return NOTHING


def unrehearsed(_repository: Repository, _path: str) -> str:
    """All of it is rehearsed."""
    return ""


def no_configuration(_repository: Repository) -> OwnConfiguration:
    """No tool that deploys has a configuration of its own."""
    return OwnConfiguration()
