"""The renderer as a process: a JSON line [source, prefix] in, a JSON line of HTML out, until the input ends."""

import json
import sys

from rendering.clean import clean_html

if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(clean_html(*json.loads(line))), flush=True)
