"""`python -m madang.kernels.timetable solve|check`."""

import sys

from .commandline import main

sys.exit(main())
