"""Kills the process of the agent that writes the line "step NAME" into a trace file, and nothing after that.

kill_at_step.py FILE NAME SECONDS STOP: says which steps there were. Ends when the file STOP appears, or after so many seconds.
"""

import os
import re
import signal
import sys
import time

LINE = re.compile(rb"\[(\d+)\] trace: step (\S+)")


def main():
    path, wanted, seconds, stop = sys.argv[1], sys.argv[2].encode(), float(sys.argv[3]), sys.argv[4]
    end = time.monotonic() + seconds
    begin = os.path.getsize(path) if os.path.exists(path) else 0
    steps = []
    while time.monotonic() < end and not os.path.exists(stop):
        if os.path.exists(path):
            with open(path, "rb") as trace:
                trace.seek(begin)
                steps = LINE.findall(trace.read())
            doomed = [int(pid) for pid, name in steps if name == wanted]
            if doomed:
                os.kill(doomed[0], signal.SIGKILL)
                print("killed")
                return 0
        time.sleep(0.001)
    print(f"no such step, only {', '.join(name.decode() for _, name in steps) or 'none'}")
    return 1


sys.exit(main())
