"""HTTP in, HTTP out, one blueprint per noun: look up, call one service, answer. Knows no query and no upstream."""
