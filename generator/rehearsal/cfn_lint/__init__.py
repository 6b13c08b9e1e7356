"""cfn-lint in a process of its own, for the templates that pipelines deploy."""
