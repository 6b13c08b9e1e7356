"""What a repository says to somebody who starts a pipeline in it, and new repositories from blueprints."""
