"""`python -m graduated` is the `graduated` command."""

import sys

from graduated.cli import main

sys.exit(main())
