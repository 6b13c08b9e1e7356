"""Who is notified of a failure and of a waiting approval: one kind a file, named by the word the user writes.

A kind has `SCHEMA`, the JSON Schema of its settings, and `audience(settings)`.
"""
