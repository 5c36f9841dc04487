"""The rules of a TUF repository run by GitOps, and the jobs that CI runs on it."""
