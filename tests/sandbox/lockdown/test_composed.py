"""What the layers compose for the systems that cannot be tried here, and how a record adds up to a level."""

import ctypes
import errno
import os
import struct
import sys
from pathlib import Path

import pytest

from code_sandbox._lockdown import job_object, landlock, seatbelt
from code_sandbox._lockdown.layers import KernelError, Layers

MIB = 1024 * 1024


def test_a_job_ends_with_its_host_and_holds_one_process() -> None:
    limits = job_object.extended_limits(cpu_seconds=10.0, memory_bytes=256 * MIB)
    basic = limits.BasicLimitInformation
    assert basic.LimitFlags == 0x2000 | 0x0400 | 0x0100 | 0x0008 | 0x0002
    assert basic.ActiveProcessLimit == 1
    assert basic.PerProcessUserTimeLimit == 110_000_000  # of 100 ns
    assert limits.ProcessMemoryLimit == 320 * MIB


@pytest.mark.skipif(sys.maxsize < 2**32, reason="the layout of 64 bits")
def test_the_structures_of_a_job_are_laid_out_as_windows_reads_them() -> None:
    basic = {name: getattr(job_object.BasicLimits, name).offset for name, _ in job_object.BasicLimits._fields_}
    assert basic == {
        "PerProcessUserTimeLimit": 0,
        "PerJobUserTimeLimit": 8,
        "LimitFlags": 16,
        "MinimumWorkingSetSize": 24,
        "MaximumWorkingSetSize": 32,
        "ActiveProcessLimit": 40,
        "Affinity": 48,
        "PriorityClass": 56,
        "SchedulingClass": 60,
    }
    extended = {name: getattr(job_object.ExtendedLimits, name).offset for name, _ in job_object.ExtendedLimits._fields_}
    assert list(extended.values()) == [0, 64, 112, 120, 128, 136]
    assert ctypes.sizeof(job_object.ExtendedLimits) == 144


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has them")
def test_a_system_without_job_objects_says_so() -> None:
    with pytest.raises(OSError, match=f"{sys.platform} has no job objects"):
        job_object.JobObject(cpu_seconds=1.0, memory_bytes=MIB)


def test_the_profile_of_macos_denies_everything() -> None:
    assert seatbelt.profile() == "(version 1)\n(deny default)"


def test_the_profile_of_a_start_on_macos_allows_an_interpreter_to_read_itself() -> None:
    text = seatbelt.profile(readable=["/opt/python"], executable=["/opt/python/bin/python3"])
    assert text.splitlines() == [
        "(version 1)",
        "(deny default)",
        "(allow file-read-metadata)",
        "(allow sysctl-read)",
        '(allow process-exec (literal "/opt/python/bin/python3"))',
        '(allow file-read* (subpath "/opt/python"))',
        '(allow file-map-executable (subpath "/opt/python"))',
    ]


def test_a_path_is_no_part_of_the_language_of_profiles() -> None:
    text = seatbelt.profile(readable=['/a")(allow default)("\\'])
    assert '(subpath "/a\\")(allow default)(\\"\\\\"))' in text


def test_a_worker_on_macos_is_started_by_the_tool_of_the_system(tmp_path: Path) -> None:
    interpreter, library = tmp_path / "python3", tmp_path / "library"
    interpreter.touch()
    link = tmp_path / "python"
    link.symlink_to(interpreter)
    tool, option, text, *rest = seatbelt.confined([str(link), "-I", "-c", "pass"], readable=[str(library)])
    assert (tool, option, rest) == ("/usr/bin/sandbox-exec", "-p", [str(link), "-I", "-c", "pass"])
    allowed = [line for line in text.splitlines() if line.startswith("(allow")]
    executed = [line for line in allowed if "process-exec" in line]
    assert executed == [f'(allow process-exec (literal "{path}"))' for path in (link, interpreter.resolve())]
    read = {line for line in allowed if "file-read*" in line}
    assert f'(allow file-read* (subpath "{library}"))' in read
    assert not [
        line for line in allowed if any(word in line for word in ("write", "network", "fork", "mach", "default"))
    ]
    assert not any(str(Path.home()) in line for line in read)


RULESETS = {
    1: (0x1FFF,),
    2: (0x3FFF,),
    3: (0x7FFF,),
    4: (0x7FFF, 3),
    5: (0xFFFF, 3),
    6: (0xFFFF, 3, 3),
    7: (0xFFFF, 3, 3),
    8: (0xFFFF, 3, 3),
    20: (0xFFFF, 3, 3),
}
"""By version of the interface: kinds of access to files, to the network, and what is kept within the domain."""


@pytest.mark.parametrize("version", RULESETS)
def test_landlock_forbids_all_that_its_version_knows(version: int) -> None:
    words = RULESETS[version]
    assert landlock.ruleset(version) == struct.pack(f"={len(words)}Q", *words)


def test_landlock_is_asked_for_no_flag_that_its_version_lacks() -> None:
    assert [landlock.flags(version) for version in range(1, 9)] == [0, 0, 0, 0, 0, 0, 1, 9]


BASIC = ("no_new_privileges", "descriptors", "resources")

LEVELS = [
    ((), "weak"),
    (BASIC, "weak"),
    ((*BASIC, "network_namespace", "empty_root", "other_user"), "weak"),
    ((*BASIC, "landlock"), "moderate"),
    (("seatbelt", "descriptors", "resources"), "moderate"),
    (("seccomp", "no_new_privileges", "resources"), "weak"),
    (("seccomp", "no_new_privileges", "resources", "landlock"), "moderate"),
    (("seccomp", *BASIC), "strong"),
    (("seccomp", *BASIC, "landlock"), "strong"),
]


@pytest.mark.parametrize(("names", "level"), LEVELS)
def test_layers_add_up_to_a_level(names: tuple[str, ...], level: str) -> None:
    layers = Layers()
    for name in names:
        layers.add(name)
    assert layers.level == level
    assert layers.ready_frame() == {"kind": "ready", "level": level, "layers": list(names), "missing": {}}


def test_a_layer_that_cannot_be_had_is_written_down_with_the_words_of_the_system() -> None:
    layers = Layers()

    def refused() -> None:
        raise KernelError(errno.EPERM, "unshare")

    def too_many() -> None:
        raise ValueError("3 threads")

    assert [layers.attempt("a", refused), layers.attempt("b", too_many)] == [False, False]
    assert layers.names == []
    assert layers.missing == {"a": "unshare: Operation not permitted (EPERM)", "b": "3 threads"}


def test_a_reason_never_holds_a_path() -> None:
    layers = Layers()

    def absent() -> None:
        os.open("/no/such/file", os.O_RDONLY)

    layers.attempt("a", absent)
    assert layers.missing == {"a": "No such file or directory (ENOENT)"}


def test_a_layer_is_in_force_or_missing_and_never_both() -> None:
    layers = Layers()
    layers.lack("a", "not yet")
    layers.add("a")
    assert (layers.names, layers.missing) == (["a"], {})
    layers.lack("a", "lost")
    assert (layers.names, layers.missing) == ([], {"a": "lost"})
