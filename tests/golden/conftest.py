"""What is not a test here: the application that every case delivers."""

collect_ignore = ["application"]
