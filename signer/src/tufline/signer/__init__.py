"""What a key holder or maintainer of a TUF repository runs."""
