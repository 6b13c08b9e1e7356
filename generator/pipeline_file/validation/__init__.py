"""The pipeline file: read, held against its JSON Schema, and every problem said in plain words with its place."""

from generator.pipeline_file.validation.comparison import load, validate

__all__ = ["load", "validate"]
