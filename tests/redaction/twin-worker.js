// Runs twin.js in a worker of a browser: calls in, answers out.
import { prepared } from "./twin.js";

const twin = prepared(await (await fetch("./rules.json")).json());
onmessage = ({ data: calls }) => postMessage(calls.map(([name, value]) => twin[name](value)));
postMessage("ready");
