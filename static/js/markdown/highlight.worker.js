// Finds the runs of code beside the page, so that it never waits for a long one.

import highlighter from "../../vendor/highlight.mjs";
import { runsOf } from "./runs.js";

globalThis.onmessage = ({ data: { number, text, language } }) => {
  postMessage({ number, runs: runsOf(highlighter, text, language) });
};
