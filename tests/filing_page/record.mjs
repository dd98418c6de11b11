// Reads {petition, texts, labels} and answers the canonical record; `texts` are what may be shown, by path.
import { readFileSync } from "node:fs";

const { pathText } = await import(`${process.env.STATIC}/file/paths.js`);
const { buildRecord, canonical, texts } = await import(`${process.env.STATIC}/file/record.js`);

const request = JSON.parse(readFileSync(0, "utf8"));
const answers = request.map(({ petition, shown, salt, labels }) => ({
  record: canonical(buildRecord(petition, (path, text) => shown[pathText(path)] ?? `?${text}`, salt, labels)),
  free: [...texts(petition, "free")].map(([path]) => pathText(path)),
  named: [...texts(petition, "named")].map(([path]) => pathText(path)),
}));
process.stdout.write(JSON.stringify(answers));
