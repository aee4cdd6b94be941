"""Runs untrusted programs in Python or JavaScript in processes of their own, against an exposure of methods."""

from code_sandbox.capacity import Capacity
from code_sandbox.errors import CallFailed, SandboxError
from code_sandbox.exposure import JSON, Answer, Call, Exposure, Method, Page, Parameter
from code_sandbox.isolation import LEVELS, Ending, Isolation, Level, Protection, Setup, Worker
from code_sandbox.limits import Limits
from code_sandbox.outcome import CallRecord, Failure, Outcome, Problem
from code_sandbox.sandbox import Language, Sandbox

__all__ = [
    "JSON",
    "LEVELS",
    "Answer",
    "Call",
    "CallFailed",
    "CallRecord",
    "Capacity",
    "Ending",
    "Exposure",
    "Failure",
    "Isolation",
    "Language",
    "Level",
    "Limits",
    "Method",
    "Outcome",
    "Page",
    "Parameter",
    "Problem",
    "Protection",
    "Sandbox",
    "SandboxError",
    "Setup",
    "Worker",
]
