"""Where commits come from: one kind a file, named by the word the user writes.

A kind has `SCHEMA`, the JSON Schema of its settings, and `source(settings, service)`, which makes a
`model.Source` of them.
"""
