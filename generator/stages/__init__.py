"""How a stage deploys: one kind a file, named by the word the user writes after `deploy:`.

A kind has `SUMMARY`, one sentence for the schema, and `plan(stage, delivery)`, which makes its pipeline stages.
"""
