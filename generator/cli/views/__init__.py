"""How a rehearsal is shown: `plain` lines, a `live` view for terminals, `events` as JSON; `view` is what they share."""
