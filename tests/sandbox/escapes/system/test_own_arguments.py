"""The command line and the auxiliary vector lie in the worker's memory."""

SOURCE = """
libc.getauxval.restype = ctypes.c_ulong
vector = {kind: libc.getauxval(ctypes.c_ulong(kind)) for kind in range(3, 60)}
texts = [ctypes.string_at(vector[kind]) for kind in (15, 24, 31) if vector[kind]]
stack = ctypes.string_at(vector[25], vector[31] - vector[25]).hex()
result = [sys.argv, sys.orig_argv, sys.flags.isolated, [text.hex() for text in texts], stack]
"""


async def test_the_command_line_tells_nothing_of_the_host(raw, canaries):
    value = await raw.value(SOURCE)
    assert value[2] == 1
    shown = repr(value) + bytes.fromhex("".join(value[3]) + value[4]).decode("latin-1")
    assert "-I" in shown
    canaries.look_for(shown)
    assert not any(word in shown for word in ("CANARY", "PATH=", "HOME=", "PYTEST"))
