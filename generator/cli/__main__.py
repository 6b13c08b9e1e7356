"""`python -m generator.cli`: the command where it is not installed on the PATH."""

from generator.cli.main import main

main()
