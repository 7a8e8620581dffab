"""Accounts, sign-in, second factor, invitations."""
