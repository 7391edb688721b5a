"""The AWS CLI as a client of the tour. It reads one {"service", "operation", "input"} per line and writes one reply per line.

Each call is the command `aws SERVICE OPERATION --cli-input-json …`, run as /usr/bin/aws runs it, but all in one
process, because it takes a second to start and the tour has hundreds of calls.
"""

import base64
import contextlib
import io
import json
import os
import re
import sys
import tempfile

from awscli.clidriver import create_clidriver
from botocore import xform_name

OCCURRED = re.compile(r"An error occurred \((\S+)\) when calling the \S+ operation[^:]*: (.*)", re.DOTALL)
driver = create_clidriver()
folder = tempfile.mkdtemp()


def unmarked(marked):
    """Returns a value without its mark: the CLI takes binary data in base64, and times as text."""
    return marked.get("$bytes", marked.get("$time", marked))


def aws(arguments):
    """Runs a command. Returns its output and its error output."""
    out, problems = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(problems):
        try:
            code = driver.main(arguments)
        except SystemExit as exit:
            code = exit.code
    for stream in out, problems:
        stream.flush()
        stream.seek(0)
    return code, out.read(), problems.read()


def call(service, operation, input):
    file, payload = os.path.join(folder, "input.json"), os.path.join(folder, "payload")
    with open(file, "w") as f:
        json.dump(input, f)
    arguments = ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"], "--output", "json", "--no-paginate"]
    arguments += [service, xform_name(operation, "-")]
    if operation == "Invoke":  # the one that takes no JSON, and writes the function's answer to a file
        arguments += [text for name, value in input.items() for text in ("--" + xform_name(name, "-"), value)] + [payload]
    else:
        arguments += ["--cli-input-json", "file://" + file]
    code, out, problems = aws(arguments)
    if said := OCCURRED.search(problems):
        return {"Code": said[1], "Message": said[2].strip()}
    if code != 0:
        return {"Broken": f"aws {service} {operation} exits with {code}: {problems}"}
    output = json.loads(out or "{}")
    if operation == "Invoke":
        with open(payload, "rb") as f:
            output["Payload"] = base64.b64encode(f.read()).decode()
    return {"Output": output}


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line, object_hook=unmarked))), flush=True)
