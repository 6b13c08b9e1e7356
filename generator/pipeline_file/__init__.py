"""The pipeline file: its keys, one module each, and what holds a file to their schemas."""
