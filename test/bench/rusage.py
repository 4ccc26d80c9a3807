#!/usr/bin/python3
"""Runs commands in turn, round after round, and says what each run cost.

Standard input: {"rounds": N, "commands": [{"argv": [...], "environment": {...}}, ...]} as JSON.
Standard output: for each command a list of [wall ms, CPU ms of the process and all it waited for, its largest process in KiB, exit code].
"""
import json
import os
import sys
import time

plan = json.load(sys.stdin)
quiet = [(os.POSIX_SPAWN_OPEN, descriptor, "/dev/null", os.O_WRONLY, 0) for descriptor in (1, 2)]


def cost(command):
    start = time.perf_counter()
    pid = os.posix_spawnp(command["argv"][0], command["argv"], command["environment"], file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    return [wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss, os.waitstatus_to_exitcode(status)]


costs = [[] for _ in plan["commands"]]
for _ in range(plan["rounds"]):
    for command, own in zip(plan["commands"], costs):
        own.append(cost(command))
json.dump(costs, sys.stdout)
