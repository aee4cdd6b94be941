"""Large answers pile up on the host's side if nobody reads them."""

import tracemalloc

SOURCE = """
for number in range(1, 1_000):
    call(number, title="x")
while True:
    time.sleep(1)
"""


ANSWER = "y" * 2**20


async def test_answers_that_nobody_reads_do_not_pile_up(raw):
    async def answer(call):
        return ANSWER

    tracemalloc.start()
    try:
        await raw(SOURCE, answer=answer, calls_in_flight=8, calls=1_000, wall_seconds=2.0)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()
