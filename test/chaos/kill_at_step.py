"""Kills the process of the agent that writes the Nth line "step NAME" into a trace file, and nothing after that.

kill_at_step.py FILE N SECONDS STOP: says which step it was. Ends when the file STOP appears, or after so many seconds.
"""

import os
import re
import signal
import sys
import time

LINE = re.compile(rb"\[(\d+)\] trace: step (\S+)")


def main():
    path, wanted, seconds, stop = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    end = time.monotonic() + seconds
    begin = os.path.getsize(path) if os.path.exists(path) else 0
    steps = []
    while time.monotonic() < end and not os.path.exists(stop):
        if os.path.exists(path):
            with open(path, "rb") as trace:
                trace.seek(begin)
                steps = LINE.findall(trace.read())
            if len(steps) >= wanted:
                pid, name = steps[wanted - 1]
                os.kill(int(pid), signal.SIGKILL)
                print(f"killed at step {wanted}, {name.decode()}")
                return 0
        time.sleep(0.001)
    print(f"only {len(steps)} steps: {', '.join(name.decode() for _, name in steps)}")
    return 1


sys.exit(main())
