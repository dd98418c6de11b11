// A file of more than 16 MiB goes through the running hashes, by one worker and by two: its hash, and the hash of the whole
// ciphertext, are right. What one of several parts holds is opened again: head, file, zeros.
import { createHash } from "node:crypto"
import { pathToFileURL } from "node:url"

const seal = pathToFileURL(process.env.SEAL + "/").href
const [{ PartStore, beginFile, makePart, sealFile }, { open, recipientOf }, { Pair, addLent, alone, endLent, hashOf }] =
  await Promise.all(["parts.js", "age.js", "hands.js"].map((name) => import(new URL(name, seal))))
const random = (size) => crypto.getRandomValues(new Uint8Array(size))
const place = { portal: "p.invalid", case: "a".repeat(26), kind: "file", record: "0".repeat(16), epoch: 1 }
const sha256 = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest("hex")

const { port1, port2 } = new MessageChannel()
const second = { addHashed: addLent, endHashed: endLent, hashOf }
port2.onmessage = async ({ data: { id, call, args } }) => {
  const result = await second[call](...args)
  port2.postMessage({ id, result }, result instanceof ArrayBuffer ? [result] : [])
}

const piece = random(65_000)
const pieces = Array(270).fill(piece)
const found = []
for (const hands of [alone, new Pair(port1)]) {
  const file = await beginFile(place, new Blob(pieces), await recipientOf(random(32)), random)
  const told = await sealFile({ store: new PartStore(), hands }, place.record, file, () => {})
  const whole = createHash("sha256")
  for (let part = 0; part < told.entry.parts.length; part++) whole.update(await makePart(file, part))
  found.push(told.sha256 === sha256(...pieces), told.entry.sha256 === whole.digest("hex"), told.entry.parts.length)
}

const [seed, body] = [random(32), Buffer.alloc(5_000_003, piece)]
const file = await beginFile(place, new Blob([body]), await recipientOf(seed), random)
const sealed = await Promise.all([0, 1, 2].map((part) => makePart(file, part)))
const opened = await open(Buffer.concat(sealed), [seed])
found.push(Buffer.from(opened).equals(Buffer.concat([file.head, body, new Uint8Array(file.framed - file.head.length - body.length)])))
process.stdout.write(JSON.stringify(found))
port1.close()
