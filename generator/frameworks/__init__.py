"""What the application is written with: one kind a file, named by the word the user writes.

A kind has `RUNTIMES`, the versions CodeBuild offers of each language it can build, `LANGUAGES`, the buildspec of each
language, and `unit_test_command(language, repository)`.
"""
