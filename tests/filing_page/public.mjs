// Reads {texts, records} and answers the texts with months for days, and the public version of each record.
import { readFileSync } from "node:fs";

const { months, publicVersion } = await import(`${process.env.STATIC}/mycase/public.js`);

const { texts, records } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({ texts: texts.map(months), versions: records.map(publicVersion) }));
