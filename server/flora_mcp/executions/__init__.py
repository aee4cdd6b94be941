"""Programs and runs that outlive the request that started them."""

from flora_mcp.executions.execution import Execution, Shown
from flora_mcp.executions.executions import Executions
from flora_mcp.executions.exposure import callable_methods, exposure, listing
from flora_mcp.executions.pulse import Pulse
from flora_mcp.executions.runs import Runs, TrackedRun

__all__ = [
    "Execution",
    "Executions",
    "Pulse",
    "Runs",
    "Shown",
    "TrackedRun",
    "callable_methods",
    "exposure",
    "listing",
]
