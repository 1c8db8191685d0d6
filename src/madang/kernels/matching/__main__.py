"""`python -m madang.kernels.matching evaluate`."""

import sys

from .commandline import main

sys.exit(main())
