"""What tests every stage: one kind a file, named by the word the user writes below `tests:`.

A kind has `SCHEMA`, the JSON Schema of its settings, `NEEDS_STACK`, whether it lies in the test stack, and
`read(settings, versions)`, which makes the fields of `model.tests` from them. `OTHER_SPELLINGS` are words that people
write instead.
"""
