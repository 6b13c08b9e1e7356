"""The keys of the pipeline file: one module each, named by the word the user writes.

A module has `SCHEMA`, and where it needs them `read`, `problems`, `missing` and `remarks`: see `pipeline_file.key`.
"""
