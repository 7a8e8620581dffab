"""The assessment request itself, consents, statutory clock."""
