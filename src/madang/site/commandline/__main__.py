"""`python -m madang.site.commandline` is `madang`."""

import sys

from madang.site.commandline import main

sys.exit(main())
