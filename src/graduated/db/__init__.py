"""Base, write(), keys, drafts, jobs, outbox, file store; hook registries that higher floors fill at start."""
