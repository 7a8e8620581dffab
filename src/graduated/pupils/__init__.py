"""The pupil, SEN status and needs, one-page profile, family links, documents."""
