"""One of all the processes may be careless."""

SOURCE = """
result = []
for name in os.listdir("/proc"):
    if name.isdigit():
        try:
            result.append(open(f"/proc/{name}/cmdline").read())
        except OSError:
            pass
"""
GETS_THROUGH_UNLOCKED = True


async def test_no_process_is_listed_or_read(raw):
    await raw.refused(SOURCE)
