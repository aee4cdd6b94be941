"""Programs and runs that outlive the request that started them."""

from flora_mcp.executions.bridge import strings
from flora_mcp.executions.errors import JournalError
from flora_mcp.executions.execution import Execution, Shown, Status
from flora_mcp.executions.executions import Executions, Taken
from flora_mcp.executions.exposure import callable_methods, exposure, groups, listing
from flora_mcp.executions.intervals import Intervals
from flora_mcp.executions.pulse import Pulse
from flora_mcp.executions.runs import Runs, TrackedRun
from flora_mcp.executions.tellings import Tellings

__all__ = [
    "Execution",
    "Executions",
    "Intervals",
    "JournalError",
    "Pulse",
    "Runs",
    "Shown",
    "Status",
    "Taken",
    "Tellings",
    "TrackedRun",
    "callable_methods",
    "exposure",
    "groups",
    "listing",
    "strings",
]
