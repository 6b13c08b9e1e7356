"""YAML files with places: what stands in a file, where it stands, and every problem on the way to it."""

from generator.document.contents import Document
from generator.document.nodes import Path
from generator.document.reader import Attempt, attempt, attempt_text, parse, read
from generator.document.report import at_most
from generator.document.rules import BUILDSPEC, PIPELINE_FILE, TEMPLATE, Rules
from generator.document.scalars import resolve
from generator.document.text import in_words, quote

__all__ = [
    "BUILDSPEC",
    "PIPELINE_FILE",
    "TEMPLATE",
    "Attempt",
    "Document",
    "Path",
    "Rules",
    "at_most",
    "attempt",
    "attempt_text",
    "in_words",
    "parse",
    "quote",
    "read",
    "resolve",
]
