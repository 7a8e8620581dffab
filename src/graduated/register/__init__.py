"""The register and the pupil's page."""
