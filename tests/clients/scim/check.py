"""Starts the server on an empty database, has scim2-tester go through it, and stops it.

    python check.py PROGRAM DATABASE_URL

Exit: 0 if every check passed, 1 if one did not or some are missing, 2 if nothing could be checked.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

# As many as there are for what the server publishes; fewer mean that something is no longer looked at.
EXPECTED = 58

# A deviation from what a standard merely recommends is no failure.
FAILURES = {Status.ERROR, Status.CRITICAL}


def main(program, database):
    environment = {
        "DATABASE_URL": database,
        "SKIPLEVEL_JWT_SECRET": "a secret for one run of the checks, no longer",
        "SKIPLEVEL_LISTEN": "127.0.0.1:0",
        "SKIPLEVEL_LOG": "warn",
    }
    with tempfile.TemporaryDirectory() as place:
        setting = {"cwd": place, "env": environment, "stdout": subprocess.PIPE, "text": True}
        create = [program, "scim-token", "create", "--source", "scim2-tester"]
        token = subprocess.run(create, check=True, **setting).stdout.strip()
        server = subprocess.Popen([program, "serve"], **setting)
        try:
            address = re.search(r"http://[^/\s]+", server.stdout.readline()).group()
            return report(check(f"{address}/scim/v2", token))
        finally:
            server.terminate()
            server.wait(timeout=30)


def check(address, token):
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=30, trust_env=False) as client:
        return check_server(SyncSCIMClient(client))


def report(results):
    for result in results:
        if result.status != Status.SUCCESS:
            print(f"{result.status.name} {result.resource_type or ''} {result.title}: {result.reason}")
    counts = collections.Counter(result.status.name for result in results)
    print(f"{len(results)} SCIM checks: {dict(counts)}")
    if len(results) < EXPECTED:
        print(f"there should be at least {EXPECTED}")
        return 1
    return int(any(result.status in FAILURES for result in results))


if __name__ == "__main__":
    try:
        sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2]))
    except (OSError, subprocess.SubprocessError, AttributeError) as error:
        print(f"nothing could be checked: {error!r}", file=sys.stderr)
        sys.exit(2)
