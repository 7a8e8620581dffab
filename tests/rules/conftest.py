"""Property tests take turns on slow machines: no deadline, and fewer examples than the library's default."""

from hypothesis import settings

settings.register_profile("rules", deadline=None, max_examples=60)
settings.load_profile("rules")
