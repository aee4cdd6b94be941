"""The canaries themselves: a program that shows a secret, or touches a place, would be noticed."""

import socket

import pytest


@pytest.mark.parametrize(
    ("place", "program"),
    [
        ("the host", "return '{}'"),
        ("the host's environment", "print('{}')"),
        ("the file", "raise ValueError('{}')"),
        ("the neighbour", "return ['{}'[::-1]]"),
    ],
)
async def test_a_secret_in_the_outcome_is_noticed(attempt, canaries, program, place):
    with pytest.raises(AssertionError, match="is out"):
        await attempt(program.format(canaries.secrets[place]))
    canaries.shown.clear()


async def test_a_secret_in_hexadecimal_is_noticed(attempt, canaries):
    secret = canaries.secrets["the file"]
    with pytest.raises(AssertionError, match="is out"):
        await attempt(f"return {secret!r}.encode().hex()")


async def test_a_secret_in_the_arguments_of_a_call_is_noticed(attempt, canaries):
    await attempt(f"await client.books.create(title={canaries.secrets['the neighbour']!r})\nreturn 1")
    with pytest.raises(AssertionError, match="is out"):
        canaries.look_around()
    canaries.shown.clear()


@pytest.mark.parametrize("kind", ["stream", "local"])
async def test_a_connection_is_noticed(canaries, kind):
    listening = getattr(canaries, kind)
    with socket.socket(listening.family) as connection:
        connection.connect(listening.getsockname())
        with pytest.raises(AssertionError):
            canaries.look_around()


async def test_a_datagram_is_noticed(canaries):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", canaries.datagrams.getsockname())
    with pytest.raises(AssertionError):
        canaries.look_around()


async def test_a_new_file_is_noticed(canaries):
    (canaries.folder / "file").touch()
    with pytest.raises(AssertionError):
        canaries.look_around()
    (canaries.folder / "file").unlink()


async def test_a_changed_file_is_noticed(canaries):
    (canaries.folder / "secret").write_text("changed")
    with pytest.raises(AssertionError):
        canaries.look_around()
    (canaries.folder / "secret").write_text(canaries.secrets["the file"])


async def test_what_a_program_is_told_of_the_places_is_true(attempt, canaries):
    outcome = await attempt("return ['@FILE@', '@FOLDER@', '@SOCKET@', @PORT@, @DATAGRAM_PORT@, @HOST_PID@]")
    file, folder, local, *numbers = outcome.value
    assert (file, folder, local) == (
        str(canaries.folder / "secret"),
        str(canaries.folder),
        canaries.local.getsockname(),
    )
    assert numbers[:2] == [canaries.stream.getsockname()[1], canaries.datagrams.getsockname()[1]]
