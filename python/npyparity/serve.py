"""A worker that stays alive: lists of cases in, fixture directories out, on one pair of streams.

Protocol, in lines of JSON (UTF-8, without line breaks inside)::

    worker: {"format": "1.0", "numpy": "2.4.6", "blas": {...}, "python": "3.12.3", "pid": 4711}
    client: {"cases": [...], "skip_unfit": false}
    worker: {"ok": true, "bytes": N, "unfit": {}} and then N bytes
         or {"ok": false, "error": "<one sentence>"}
    client: the next request, or the end of the stream

``cases`` is what cases.json holds. The N bytes are an uncompressed tar (ustar) of case directories in the order asked
for: files ``<case-id>/case.json``, ``<case-id>/provenance.json``, ``<case-id>/inputs/<array>.npy`` and
``<case-id>/expected/<array>.npy``. It is made in memory, so that an answer is whole or is not given; nothing is written
to a disk here, and client and worker need no file system in common.

A case none of whose draws is fit (see ``compute``) refuses the request; with ``skip_unfit`` it is left out, and
``unfit`` says why, by the case's index in the request.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import socket
import sys
import tarfile
from collections.abc import Iterable, Mapping
from io import BufferedIOBase
from typing import Any

from npyparity.cases import CaseError, parse
from npyparity.compute import ComputeError, compute
from npyparity.emit import FORMAT, files_of, json_bytes
from npyparity.provenance import provenance

PATIENCE = 60.0
"""Seconds in which a client of ``--once`` has to come."""


def serve_streams() -> None:
    """Answers on standard input and output until the input ends."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not end up among the answers
        _converse(sys.stdin.buffer, answers)


def serve_port(host: str, port: int, once: bool = False) -> None:
    """Answers on TCP, one connection after the other, for ever. Port 0 takes any free one; a line on stdout says it.

    With ``once`` it ends with its first connection, and if none comes within ``PATIENCE``.
    """
    with socket.create_server((host, port)) as server:
        print(json.dumps({**_greeting(), "port": server.getsockname()[1]}), flush=True)
        if once:
            server.settimeout(PATIENCE)
        for _ in range(1) if once else itertools.count():
            connection, _ = server.accept()
            connection.settimeout(None)
            with (
                connection,
                contextlib.suppress(ConnectionError),  # the client's end, whenever it comes
                connection.makefile("rb") as requests,
                connection.makefile("wb") as answers,
            ):
                _converse(requests, answers)


def _converse(requests: Iterable[bytes], answers: BufferedIOBase) -> None:
    _send(answers, _greeting())
    for line in requests:
        try:
            content, unfit = _tar(line)
        except (CaseError, ComputeError) as error:
            _send(answers, {"ok": False, "error": str(error)})
        except MemoryError:
            _send(answers, {"ok": False, "error": "the cases do not fit into memory: expected fewer or smaller ones"})
        else:
            _send(answers, {"ok": True, "bytes": len(content), "unfit": unfit}, content)


def _greeting() -> dict[str, Any]:
    made_by = provenance()
    return {
        "format": FORMAT,
        "numpy": made_by["numpy"],
        "blas": made_by["blas"],
        "python": made_by["python"],
        "pid": os.getpid(),
    }


def _send(answers: BufferedIOBase, answer: Mapping[str, Any], content: bytes = b"") -> None:
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.write(content)
    answers.flush()


def _tar(request: bytes) -> tuple[bytes, dict[int, str]]:
    """The answer to one line: the tar, and the sentences on the cases that were left out."""
    try:
        asked = json.loads(request)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"the request is not JSON ({error}): expected an object with cases") from error
    if not isinstance(asked, dict) or "cases" not in asked or not asked.keys() <= {"cases", "skip_unfit"}:
        raise CaseError("the request is not understood: expected an object with cases and optionally skip_unfit")
    skip_unfit = asked.get("skip_unfit", False)
    if type(skip_unfit) is not bool:
        raise CaseError(f"skip_unfit is {json.dumps(skip_unfit)}: expected true or false")
    unfit = {}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for index, case in enumerate(parse(asked["cases"])):
            try:
                files = files_of(compute(case))
            except ComputeError as error:
                if not skip_unfit:
                    raise
                unfit[index] = str(error)
                continue
            for name, content in {**files, "provenance.json": json_bytes(provenance())}.items():
                member = tarfile.TarInfo(f"{case.id}/{name}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue(), unfit
