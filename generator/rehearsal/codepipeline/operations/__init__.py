"""The operations of CodePipeline's API, by subject; each module gives a table of those it answers."""
