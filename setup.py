"""All settings are in setup.cfg; this adds one check: no wheel without its styles, scripts and letters."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).resolve().parent))
import build_assets


class BuildWithAssets(build_py):
    """Refuses to build while static/vendor is missing or older than the npm lock file."""

    def run(self) -> None:
        try:
            build_assets.require()
        except build_assets.AssetError as error:
            raise SystemExit(str(error)) from None
        super().run()


setup(cmdclass={"build_py": BuildWithAssets})
