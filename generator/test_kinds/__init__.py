"""What tests every stage: one kind a file, named by the word the user writes below `tests:`.

A kind has `SCHEMA`, the JSON Schema of its settings; `NEEDS_STACK`, whether outputs of the test stack name what tests;
`OTHER_SPELLINGS`, words that people write instead; `read(settings, versions)`, which makes fields of the model: of
`Tests` for a kind that needs the stack, else of `Pipeline`. `runner(pipeline, alarm_topics)` is the block that runs the
tests of all stages, `action(pipeline, stage, delivery, runner)` the action that has it test one.
"""
