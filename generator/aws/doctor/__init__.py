"""What makes a first run fail, looked for before it fails: one look per subject."""
