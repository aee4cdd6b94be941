"""clone3 hides its flags behind a pointer, where no filter can look."""

SOURCE = """
number = syscall("clone3", struct.pack("11Q", 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0), 88)
if number == 0:
    os._exit(0)
result = number
"""
GETS_THROUGH_UNLOCKED = True


async def test_nothing_is_cloned_by_clone3(raw):
    await raw.refused(SOURCE, also=("EAGAIN",))
