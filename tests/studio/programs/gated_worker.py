"""A render process whose renderer stops at gates that a test keeps, and is cheap otherwise.

The prompt is a list of words. `gate=<port>:<progress>` waits there for the test's word; `die` ends the
process, `die=<path>` does so once and removes the file; `fail` raises; `print` writes to the standard
output. The bytes follow from the seed alone.
"""

import os
import random
import socket

from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest
from flora_mcp.studio.renderers.worker import serve


def render(request: RenderRequest, progress: Progress) -> Rendering:
    for word in request.prompt.split():
        name, _, value = word.partition("=")
        if name == "gate":
            port, _, fraction = value.partition(":")
            progress(float(fraction))
            with socket.create_connection(("127.0.0.1", int(port))) as gate:
                gate.sendall(f"{os.getpid()} {os.getppid()} {value} {request.seed}\n".encode())
                if not gate.recv(1):
                    raise ConnectionError("the gate was closed")
        elif name == "die" and (not value or os.path.exists(value)):
            if value:
                os.unlink(value)
            os._exit(9)
        elif name == "fail":
            raise ValueError("the paint is dry")
        elif name == "print":
            os.write(1, b"a stray line\n")
    progress(0.99)
    return Rendering(
        content=b"PNG" + random.Random(request.seed).randbytes(2_000_000),
        mime_type="image/png",
        width_px=request.width_px,
        height_px=request.height_px,
        facts={"pid": os.getpid(), "alt_text": "noise", "recognised": [], "ignored": []},
    )


if __name__ == "__main__":
    serve({"t2i-studio-scene": render})
