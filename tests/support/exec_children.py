"""Commands for `fauxreel exec`, in Python, and what asks its emulator from inside of them."""

import sys

EXEC = (sys.executable, "-m", "fauxreel", "exec")

# Asks the emulator by what `exec` set, as a client without any package would; prints the status.
ASK = """
import json, os, sys, urllib.request
def ask(path, body=None, host=None, base=os.environ["OPENAI_BASE_URL"]):
    url = base.replace("127.0.0.1", host) if host else base
    headers = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url + path, data, headers), timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
"""
GOOD = ASK + 'print(ask("/videos", {"prompt": "a cat", "seconds": "4"}))'
DEFECT = ASK + 'print(ask("/videos", {"prompt": "a cat", "seconds": 4}))'


def python(code):
    return ("--", sys.executable, "-c", code)
