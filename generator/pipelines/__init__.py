"""The pipelines that a project has, one a file."""
