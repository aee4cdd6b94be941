"""A program with a set-user-ID bit gives privileges to who starts it; a session or a group passes signals on."""

import os


async def test_a_worker_can_gain_no_privileges(worker):
    assert worker.status()["NoNewPrivs"] == "1"


async def test_a_worker_leads_its_own_session(worker):
    assert os.getsid(worker.pid) == worker.pid
