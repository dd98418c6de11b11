// @ts-check
/**
 * Seals something and opens it again, as a filing and its holder would, before a page lets anyone write.
 *
 * A browser that lacks something, or a library that is not whole, shows here and not when a person has typed for an hour.
 */
import { equal, strictBase64, textOf, utf8 } from "./bytes.js"
import { sha256Hex } from "./digest.js"
import { SealError } from "./errors.js"
import { makePart } from "./parts.js"
import { prepare } from "./preparation.js"
import { sealAll } from "./sealing.js"
import { openCaseKey, openObject } from "./trust.js"

const WORD = "prueba ñ 🐦"

/** @param {import("./age.js").Random} random */
export async function selfTest(random) {
  try {
    await sealAndOpen(random)
  } catch (error) {
    throw new SealError("self_test", { what: error instanceof SealError ? error.code : String(error) })
  }
}

/** @param {import("./age.js").Random} random */
async function sealAndOpen(random) {
  /** @type {import("./types.js").PortalKeys} */
  const portal = { name: "self-test.invalid", deployment: "custodian", log_origin: "", log_vkey: "", statement_vkey: "" }
  const root = random(16)
  const prepared = await prepare({ portal, root, holders: [] }, random)
  const file = new Blob([utf8(WORD)])
  const { submission, uploads } = await sealAll(
    {
      prepared,
      record: "{}",
      review: { settled: 0, careful: true, kept: [] },
      identities: [{ name: WORD, label: "" }],
      statements: [],
      originals: { petition: {}, witnesses: [null], surrogates: {}, decisions: [] },
      files: [{ path: "evidence[0]", evidence: "E", title: "", blob: file, name: "f" }],
    },
    random,
  )
  const { genesis, manifest, parts } = /** @type {{genesis: string, manifest: string, parts: Record<string, string>}} */ (
    submission.body
  )
  const objects = JSON.parse(manifest.split("\n")[1]).objects
  const sealed = async (/** @type {{sha256: string}} */ { sha256 }) => {
    const put = uploads.find((upload) => upload.sha256 === sha256)
    if (!put) return strictBase64(parts[sha256])
    return "sealed" in put ? makePart(put.sealed, put.part) : /** @type {any} */ (put).data
  }
  const caseKey = await sealed(objects.find((/** @type {any} */ item) => item.kind === "case-key"))
  const opened = await openCaseKey({ portal, case: prepared.case, root }, { genesis, manifests: [manifest], caseKey })
  for (const listed of objects) {
    const data = await sealed(listed)
    if (sha256Hex(data) !== listed.sha256) throw new SealError("hash")
    if (listed.kind === "case-key") continue
    const body = await openObject(opened, listed, data)
    if (listed.kind === "identity" && JSON.parse(textOf(body)).name !== WORD) throw new SealError("identity")
    if (listed.kind === "file" && !equal(body, utf8(WORD))) throw new SealError("file")
  }
}
