"""Kills processes of the agent at random for some seconds: kill_agents.py EXECUTABLE SECONDS PERCENT SEED. Says how many."""

import os
import random
import signal
import sys
import time

LONGEST_DELAY = 0.1  # most runs of the agent are over by then


def runs(pid, executable):
    try:
        return os.readlink(f"/proc/{pid}/exe") == executable
    except OSError:
        return False


def main():
    executable, seconds, percent, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    choice = random.Random(seed)
    end = time.monotonic() + seconds
    seen, doomed, killed = set(), {}, 0
    while time.monotonic() < end:
        now = time.monotonic()
        for pid in [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]:
            if pid in seen or not runs(pid, executable):
                continue
            seen.add(pid)
            if choice.randrange(100) < percent:
                doomed[pid] = now + choice.uniform(0, LONGEST_DELAY)
        for pid in [pid for pid, due in doomed.items() if due <= now]:
            del doomed[pid]
            if runs(pid, executable):
                os.kill(pid, signal.SIGKILL)
                killed += 1
        time.sleep(0.005)
    print(f"{killed} of {len(seen)} killed")


main()
