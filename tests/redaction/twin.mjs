// Runs twin.js under Node.js: a list of calls as JSON in, the list of their answers out.
import { readFileSync } from "node:fs";

import { prepared } from "./twin.js";

const twin = prepared(JSON.parse(readFileSync(new URL("./rules.json", import.meta.url), "utf-8")));
const calls = JSON.parse(readFileSync(0, "utf-8"));
console.log(JSON.stringify(calls.map(([name, value]) => twin[name](value))));
