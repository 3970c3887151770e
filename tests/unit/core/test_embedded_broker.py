"""Messages of the embedded broker are read whole, however closely the reader follows the writer."""

import threading
import time
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection

MESSAGES = 400


def open_broker(folder: Path) -> Connection:
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    return Connection(transport="smmware.embedded_broker:Transport", transport_options=options)


def read(folder: Path, got: list[int], failures: list[BaseException]) -> None:
    deadline = time.monotonic() + 30
    with open_broker(folder) as broker:
        queue = broker.SimpleQueue("doorbells")
        while len(got) < MESSAGES and time.monotonic() < deadline:
            try:
                message = queue.get(timeout=1)
            except Empty:
                continue
            except ValueError as error:
                failures.append(error)
                return
            got.append(message.payload["number"])
            message.ack()


def test_a_reader_never_sees_half_a_message(tmp_path: Path) -> None:
    got: list[int] = []
    failures: list[BaseException] = []
    with open_broker(tmp_path) as broker:
        queue: Any = broker.SimpleQueue("doorbells")
        reader = threading.Thread(target=read, args=(tmp_path, got, failures))
        reader.start()
        for number in range(MESSAGES):
            queue.put({"number": number})
        reader.join()
    assert failures == []
    assert sorted(got) == list(range(MESSAGES))
