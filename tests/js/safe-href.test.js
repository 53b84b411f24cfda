// Where a link of a message may lead.

import assert from "node:assert/strict";
import { test } from "node:test";

import { safeHref } from "../../static/js/markdown/safe-href.js";

for (const address of ["https://example.com/a?b=c#d", "http://127.0.0.1:8000/", "mailto:lin@example.com"]) {
  test(`leads to ${address}`, () => assert.equal(safeHref(address)?.href, address));
}

for (const address of [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " \u0001javascript:alert(1)",
  "java\nscript:alert(1)",
  "java\tscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "blob:https://example.com/1",
  "file:///etc/passwd",
  "ftp://example.com",
  "view-source:https://example.com",
  "/sign-out",
  "//example.com",
  "#top",
  "",
  "https://",
  "http://[::1",
  "https://bank.example@evil.example/",
  "https://b.example\\@c.example/",
]) {
  test(`leads nowhere from ${JSON.stringify(address)}`, () => assert.equal(safeHref(address), null));
}
