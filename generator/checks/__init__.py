"""What AWS refuses and no linter knows, and what is wrong with the application: values in, problems out."""
