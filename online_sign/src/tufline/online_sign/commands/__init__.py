"""The commands of online signing: one file each."""
