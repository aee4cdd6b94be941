"""Times the sandbox beside others: `python benchmarks/sandbox.py [--rounds N] [--crowd N]`.

In one run, on this machine: the sandbox with forked and with fresh workers, a fresh hardened interpreter that imports
RestrictedPython, pydantic-monty, smolagents' LocalPythonExecutor and a bare `os.fork`. What is not installed is left
out, and named: `pip install pydantic-monty smolagents`.

- one: milliseconds for `1 + 1`, from the text to the value; the contenders take turns, so that noise hits all alike
- ten: the same for a program that calls its host ten times, one after the other
- at 16: programs per second with sixteen at once
- waiting: what one more program that waits for a call costs in memory of its own (USS)

Then a crowd: so many programs that all wait for a call at once, and end when it is answered.
"""

import argparse
import asyncio
import contextlib
import gc
import importlib.util
import os
import resource
import statistics
import time
from collections.abc import Awaitable, Callable

from contenders import Contender, Ours, contenders
from contenders.memory import descendants, private_bytes

AT_ONCE = 16
WAITING = 50
TICK_SECONDS = 0.002


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200, help="programs of each kind that are timed")
    parser.add_argument("--crowd", type=int, default=1000, help="programs that wait at once; 0 leaves this out")
    arguments = parser.parse_args()
    _raise_descriptor_limit()
    asyncio.run(_measure(arguments.rounds, arguments.crowd))


async def _measure(rounds: int, crowd: int) -> None:
    missing = [name for name in ("pydantic_monty", "smolagents") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"not installed, so left out: {', '.join(missing)}")
    memory = {each.name: await _waiting_megabytes(each) for each in contenders() if each.can_run_at_once}
    async with contextlib.AsyncExitStack() as stack:
        rivals = [await stack.enter_async_context(each) for each in contenders()]
        for rival in rivals:
            assert await rival.one() == 2
            assert await rival.ten() == 10
        ones = await _latencies(rivals, rounds, lambda rival: rival.one())
        tens = await _latencies(rivals, rounds, lambda rival: rival.ten())
        print(f"\n{'':34}{'one p50':>9}{'p99':>8}{'ten p50':>9}{'p99':>8}{'at 16 /s':>10}{'waiting MB':>12}")
        for rival in rivals:
            row = (*_quantiles(ones[rival.name]), *_quantiles(tens[rival.name]))
            rate = await _throughput(rival) if rival.can_run_at_once else None
            figures = f"{row[0]:9.2f}{row[1]:8.2f}{row[2]:9.2f}{row[3]:8.2f}"
            print(f"{rival.name:34}{figures}{_shown(rate, 10, 0)}{_shown(memory.get(rival.name), 12, 2)}", flush=True)
        ours = rivals[0]
        assert isinstance(ours, Ours)
        without = await _latencies([ours], rounds, lambda _: ours.none())
        _print_ratios(ones, tens, statistics.median(without[ours.name]))
    if crowd:
        await _crowd(crowd)


async def _latencies(
    rivals: list[Contender], rounds: int, act: Callable[[Contender], Awaitable[object]]
) -> dict[str, list[float]]:
    """Returns milliseconds by contender. A slow one takes part in fewer rounds."""
    spent: dict[str, list[float]] = {rival.name: [] for rival in rivals}
    for number in range(rounds):
        for rival in rivals:
            if number % rival.every:
                continue
            # A program is rarely sent in the very moment in which another has ended.
            await asyncio.sleep(0.01)
            started = time.perf_counter()
            await act(rival)
            spent[rival.name].append((time.perf_counter() - started) * 1000)
    return spent


async def _throughput(rival: Contender) -> float:
    count = max(AT_ONCE * 2, 400 // rival.every)
    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            await rival.one()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - started)


async def _waiting_megabytes(rival: Contender) -> float | None:
    """Returns the median of the processes in which programs wait; None where their memory may not be read."""
    before = descendants(os.getpid())
    async with rival, rival.waiting(WAITING):
        sizes = [private_bytes(pid) for pid in descendants(os.getpid()) - before]
    known = sorted((size for size in sizes if size is not None), reverse=True)[:WAITING]
    return statistics.median(known) / 1e6 if len(known) == WAITING else None


def _print_ratios(ones: dict[str, list[float]], tens: dict[str, list[float]], without: float) -> None:
    names = list(ones)
    ours, reference = names[0], names[2]
    one, fresh = statistics.median(ones[ours]), statistics.median(ones[reference])
    ten = statistics.median(tens[ours])
    print(
        f"\n{ours}: `1 + 1` costs 1/{fresh / one:.0f} of {reference!r}; ten calls add {ten - without:.2f} ms "
        f"to the same program without them, and {ten - one:.2f} ms to `1 + 1`"
    )


async def _crowd(count: int) -> None:
    """Lets so many programs wait at once, and watches the event loop meanwhile."""
    before = descendants(os.getpid())
    async with Ours(at_once=count) as ours:
        await ours.one()
        lags: list[float] = []
        gc.collect()
        watcher = asyncio.create_task(_watch(lags))
        started = time.perf_counter()
        async with ours.waiting(count) as values:
            assembled = time.perf_counter() - started
            new = descendants(os.getpid()) - before
            busy = max(lags, default=0.0)
            # Reading a thousand processes' memory takes long: not the sandbox's doing.
            sizes = [size for size in map(private_bytes, new) if size is not None]
            lags.clear()
            released = time.perf_counter()
        finished = time.perf_counter() - released
        watcher.cancel()
        busy = max(busy, *lags[1:], 0.0)
        assert values == [2] * count, f"{sum(each == 2 for each in values)} of {count} programs ended as they should"
    left = descendants(os.getpid()) - before
    memory = f"{statistics.median(sizes) / 1e6:.2f} MB (USS, median)" if sizes else "memory unknown (not root)"
    print(
        f"\n{count} programs at once: all wait after {assembled:.1f} s, {memory} each; all end in {finished:.1f} s; "
        f"the event loop stood still for {busy * 1000:.0f} ms at most; {len(left)} processes are left"
    )


async def _watch(lags: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(TICK_SECONDS)
        lags.append(time.perf_counter() - started - TICK_SECONDS)


def _quantiles(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]


def _shown(value: float | None, width: int, digits: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.{digits}f}"


def _raise_descriptor_limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main()
