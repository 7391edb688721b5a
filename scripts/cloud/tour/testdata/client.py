"""boto3 as a client of the tour. It reads one {"service", "operation", "input"} per line and writes one reply per line."""

import base64
import datetime
import json
import os
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

clients = {}


def client(service):
    if service not in clients:
        clients[service] = boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    return clients[service]


def unmarked(marked):
    """Returns a value without its mark: binary data decoded, and times as text, as boto3 takes them."""
    if "$bytes" in marked:
        return base64.b64decode(marked["$bytes"])
    return marked.get("$time", marked)


def plain(value):
    """Converts a value that JSON has no type for."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return plain(value.read())  # a stream


def call(service, operation, input):
    try:
        return {"Output": getattr(client(service), xform_name(operation))(**input)}
    except ClientError as error:
        exception = type(error).__name__
        said = error.response.pop("Error")
        return {
            "Output": error.response,
            "Exception": "" if exception == "ClientError" else exception,
            "Code": said["Code"],
            "Message": said["Message"],
        }
    except Exception as error:  # of boto3 itself, which the tour reports
        return {"Broken": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line, object_hook=unmarked)), default=plain), flush=True)
