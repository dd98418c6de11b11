// A file of more than 64 MiB goes through the running hash: its hash, and the hash of the whole ciphertext, are right.
import { createHash } from "node:crypto"
import { pathToFileURL } from "node:url"

const seal = pathToFileURL(process.env.SEAL + "/").href
const [{ PartStore, beginFile, makePart, sealFile }, { recipientOf }, { alone }] = await Promise.all(
  ["parts.js", "age.js", "hands.js"].map((name) => import(new URL(name, seal))),
)
const random = (size) => crypto.getRandomValues(new Uint8Array(size))
const piece = random(65_000)
const blob = new Blob(Array(1100).fill(piece))
const place = { portal: "p.invalid", case: "a".repeat(26), kind: "file", record: "0".repeat(16), epoch: 1 }
const file = await beginFile(place, blob, await recipientOf(random(32)), random)
const { entry, sha256 } = await sealFile({ store: new PartStore(), hands: alone }, place.record, file, () => {})
const [original, whole] = [createHash("sha256"), createHash("sha256")]
for (let at = 0; at < 1100; at++) original.update(piece)
for (let part = 0; part < entry.parts.length; part++) whole.update(await makePart(file, part))
process.stdout.write(JSON.stringify([sha256 === original.digest("hex"), entry.sha256 === whole.digest("hex"), entry.parts.length]))
