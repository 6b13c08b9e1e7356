"""Pages about a pipeline, made of values: what it costs."""
