"""The scanners a security team would run, over every golden template, each finding held against its reason."""
