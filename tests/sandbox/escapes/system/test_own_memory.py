"""A program that can read its whole memory looks for what others left in it: the host, a neighbour, who was before."""

import hashlib
import secrets

HOLDER = """
held = "@SECRET@"
copies = [held.encode() + bytes([number]) for number in range(200)]
chunk = bytearray(held.encode() * 50_000)
channel.send({"kind": "print", "text": held + "\\n", "cut": 0})
"""
"""Fills its memory with a secret, in small pieces and a large one."""

SOURCE = """
PAGE = 4096

def readable(address):
    # The kernel reads the set of signals before it finds that nothing is to be done with it.
    libc.syscall(ctypes.c_long(NUMBERS["rt_sigprocmask"]), 99, ctypes.c_void_p(address), None, ctypes.c_long(8))
    return ctypes.get_errno() == errno.EINVAL

starts = {}
for line in memory_map.splitlines():
    ends, access, *_ = line.split()
    first, last = (int(end, 16) for end in ends.split("-"))
    if access[0] == "r" and "[v" not in line and ("w" in access or " /" not in line):
        for page in range(first, last, PAGE):
            starts[page] = True

# What was mapped since: around each object there is, as far as memory goes.
for thing in gc.get_objects():
    page = id(thing) & ~(PAGE - 1)
    for step in (PAGE, -PAGE):
        each = page
        while each not in starts and readable(each):
            starts[each] = True
            each += step

pages = sorted(starts)
wanted = "@DIGESTS@".split()
found, run, count = set(), [], 0
for page, following in zip(pages, [*pages[1:], 0]):
    # Looked at now: what this program itself gave back meanwhile is gone.
    if readable(page):
        run.append(ctypes.string_at(page, PAGE))
        count += 1
    if following != page + PAGE:
        memory, run = b"".join(run), []
        for match in re.finditer(rb"(?=([0-9a-f]{32}))", memory):
            found.add(hashlib.sha256(match[1]).hexdigest())
result = {"bytes": count * PAGE, "found": [digest for digest in wanted if digest in found], "own": "@OWN@"}
"""


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


async def test_no_secret_of_others_is_in_a_workers_memory(raw, canaries):
    before = secrets.token_hex(16)
    for _ in range(3):
        outcome = await raw(HOLDER.replace("@SECRET@", before))
        assert outcome.printed == f"{before}\n"
    own = secrets.token_hex(16)
    wanted = [digest(secret) for secret in (*canaries.secrets.values(), before, own)]
    program = SOURCE.replace("@DIGESTS@", " ".join(wanted)).replace("@OWN@", own)
    value = await raw.value(program)
    assert value["bytes"] > 8 * 2**20
    assert value["found"] == [digest(own)]
