// Applies the page's less exact words to stretches: pairs of a reason's key and a stretch as JSON in, the words out.
import { readFileSync } from "node:fs";

import { wordingFor } from "../../app/static/file/wordings.js";

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(([reason, stretch]) => wordingFor(reason, stretch))));
