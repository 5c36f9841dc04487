"""Signs snapshot, timestamp and online-signed roles of a TUF repository."""
