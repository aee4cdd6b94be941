"""`python -m flora_mcp.cli` is `flora-mcp`."""

import sys

from flora_mcp.cli.main import main

sys.exit(main())
