"""The protocol and the loop of ../../src/serve.ts and loop.ts, for one caller: see the README."""

import gc
import json
import os
import resource
import sys
import time

USER = ["id", "email", "name", "role", "age", "city", "bio", "score", "logins", "country"]
POST = ["id", "author_id", "title", "body", "views", "rating"]
WORDS = "a query that runs a thousand times should cost what it does and nothing else besides".split(" ")
USERS, POSTS = 1_000, 20_000


def sentence(seed, length):
    return " ".join(WORDS[(seed + index * 5) % len(WORDS)] for index in range(length))


def note(index):
    return {
        "author_id": 1 + index % USERS,
        "title": f"Note {index:08d}",
        "body": sentence(index, 10),
        "views": index % 500,
    }


BULK = [note(index) for index in range(1_000)]


def some_id(index):
    return 1 + (index * 389) % USERS


INPUTS = {
    "select-pk": some_id,
    "select-100": lambda index: (index * 389) % (USERS - 100),
    "insert-one": note,
    "bulk-1000": lambda index: BULK,
    "update-pk": lambda index: {"id": some_id(index), "hits": index},
    "eager-50x20": lambda index: (index * 389) % (USERS - 50),
    "filter-order-limit": lambda index: 1_000 + (index * 7919) % (POSTS - 1_000),
}


def pick(row, columns):
    return {column: getattr(row, column) for column in columns}


def user_with_posts(row, children):
    posts = sorted((pick(child, POST) for child in children), key=lambda post: post["id"])
    return {**pick(row, USER), "posts": posts}


def canonical(workload, result, children_of):
    if workload == "select-pk":
        return pick(result, USER)
    if workload == "select-100":
        return [pick(row, USER) for row in result]
    if workload == "filter-order-limit":
        return [pick(row, POST) for row in result]
    if workload == "eager-50x20":
        return [user_with_posts(row, children_of(row)) for row in result]
    return result if workload == "insert-one" else None


def quantile(ordered, q):
    return ordered[round((len(ordered) - 1) * q)]


def peak_memory():
    """In bytes. From /proc: on Linux ru_maxrss lives through fork and exec, and would be that of the harness."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def run(operation, milliseconds, first):
    index = first
    gc.collect()
    clock, cpu = time.perf_counter, time.process_time
    started, used = clock(), cpu()
    until = started + milliseconds / 1000
    while True:
        operation(index)
        index += 1
        if clock() >= until:
            break
    used, elapsed, count = cpu() - used, clock() - started, index - first
    latencies = []
    until = clock() + milliseconds / 5000
    while True:
        before = clock()
        operation(index)
        index += 1
        after = clock()
        latencies.append((after - before) * 1e6)
        if after >= until:
            break
    latencies.sort()
    return {
        "operations": index - first,
        "cpu": used * 1e6 / count,
        "wall": elapsed * 1e6 / count,
        "p50": quantile(latencies, 0.5),
        "p99": quantile(latencies, 0.99),
        "rss": peak_memory(),
        # Python keeps no such figure.
        "heap": 0,
    }


def serve(open_contender):
    _, _, engine, target, workload = sys.argv
    operations, children_of = open_contender(engine, target)
    operate, value_of = operations[workload], INPUTS[workload]
    answers = os.fdopen(3, "w", buffering=1)

    def operation(index):
        return operate(value_of(index))

    def handle(call):
        nonlocal first
        if call["type"] == "check":
            return canonical(workload, operation(call["index"]), children_of)
        outcome = run(operation, call["duration"], first)
        first += outcome["operations"]
        return outcome

    first = 0
    answers.write('{"value":true}\n')
    for line in sys.stdin:
        try:
            answer = {"value": handle(json.loads(line))}
        except Exception as error:
            answer = {"error": repr(error)}
        answers.write(json.dumps(answer) + "\n")
