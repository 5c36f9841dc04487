"""One module per job: decide what must be done, then do it. Each may be killed and run again."""
