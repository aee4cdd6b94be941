"""Standard input that can be ended from inside."""

import os
import threading

CHUNK_BYTES = 65536


class StandardInput:
    """Puts a pipe in the place of standard input and feeds it from the real one.

    A read of standard input cannot be interrupted, so a server that is told to stop would wait for its client to
    send another line. The pipe has an end that is ours: `end` makes the server see the end of its input, which
    is how it ends anyway.
    """

    def __init__(self) -> None:
        self._source = os.dup(0)
        reader, self._writer = os.pipe()
        os.dup2(reader, 0, inheritable=False)
        os.close(reader)
        self._nowhere = os.open(os.devnull, os.O_WRONLY)
        threading.Thread(target=self._feed, name="standard input", daemon=True).start()

    def end(self) -> None:
        """Ends the input after what has been fed; may be called from a signal handler, and again."""
        # Replaced, not closed: the feeding thread may be about to write, and a closed number can be another's file.
        os.dup2(self._nowhere, self._writer, inheritable=False)

    def _feed(self) -> None:
        try:
            while chunk := os.read(self._source, CHUNK_BYTES):
                rest = memoryview(chunk)
                while rest:
                    rest = rest[os.write(self._writer, rest) :]
        except OSError:
            pass  # a terminal or a reader that is gone is an end, too
        finally:
            self.end()
