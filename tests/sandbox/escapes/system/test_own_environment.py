"""The worker's own environment, by every way that needs no file."""

SOURCE = """
libc.getenv.restype = ctypes.c_char_p
block = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
block_of = []
while block and block[len(block_of)]:
    block_of.append(block[len(block_of)].decode())
names = ["PATH", "HOME", "CANARY", "CANARY_OF_THE_HOST"]
result = [dict(os.environ), block_of, [libc.getenv(name.encode()) for name in names]]
"""


async def test_the_environment_is_empty(raw):
    environment, block, found = await raw.value(SOURCE)
    # The interpreter itself sets this one when it finds none.
    assert environment.keys() <= {"LC_CTYPE"}
    assert len(block) == len(environment)
    assert found == [None] * 4
