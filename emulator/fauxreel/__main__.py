"""`python -m fauxreel` is the command `fauxreel`."""

import sys

from fauxreel.cli import main

sys.exit(main())
