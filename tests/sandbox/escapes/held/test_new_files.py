"""Files could be opened, written or left behind as core dumps. The kernel's limits leave room for none."""


async def test_a_worker_can_open_no_file(worker):
    assert worker.limits()["Max open files"] == "1"


async def test_a_worker_can_write_no_file_and_dump_no_core(worker):
    bounds = worker.limits()
    assert (bounds["Max file size"], bounds["Max core file size"], bounds["Max processes"]) == ("0", "0", "0")
