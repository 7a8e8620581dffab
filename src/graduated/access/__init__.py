"""Identity, policy (one table), scope (one filter), guards (one decorator)."""
