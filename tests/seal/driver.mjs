// Runs the sealing modules in Node.js, driven from Python: a list of calls in, one answer for each out.
// {"module", "name", "args"}; bytes are {"$b": base64}, files {"$file": base64, "name"}, earlier results {"$r": number},
// a member of a result {"$r": number, "path": [...]}, this process's source of randomness {"$random": true}.
import { pathToFileURL } from "node:url"

const seal = pathToFileURL(process.env.SEAL + "/").href
const results = []

function decode(value) {
  if (Array.isArray(value)) return value.map(decode)
  if (value === null || typeof value !== "object") return value
  if ("$b" in value) return new Uint8Array(Buffer.from(value.$b, "base64"))
  if ("$file" in value) return new File([Buffer.from(value.$file, "base64")], value.name)
  if ("$r" in value) return (value.path ?? []).reduce((inner, name) => inner[name], results[value.$r])
  if ("$random" in value) return (size) => crypto.getRandomValues(new Uint8Array(size))
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decode(inner)]))
}

function encode(value) {
  if (value instanceof Uint8Array) return { $b: Buffer.from(value).toString("base64") }
  if (value instanceof Blob || typeof value === "function") return null
  if (Array.isArray(value)) return value.map(encode)
  if (value === null || typeof value !== "object") return value ?? null
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, encode(inner)]))
}

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const answers = []
for (const { module, name, args } of JSON.parse(Buffer.concat(chunks).toString())) {
  const { [name]: call } = await import(new URL(module, seal))
  try {
    const result = await call(...args.map(decode))
    results.push(result)
    answers.push({ ok: encode(result) })
  } catch (error) {
    results.push(undefined)
    answers.push({ error: error.code ?? String(error.stack), kind: error.name, details: encode(error.details ?? {}) })
  }
}
process.stdout.write(JSON.stringify(answers))
