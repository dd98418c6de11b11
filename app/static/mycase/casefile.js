// @ts-check
/** The case as a file for a co-holder: number, code, and the keys against which the portal's answers are checked. Pure. */

/**
 * @param {import("./held.js").Held} held @param {{url: string, language: string}} place
 * @returns {string} case.json as the program reads it (app/client/case.py)
 */
export function caseFile({ opened, before, brought }, { url, language }) {
  const { portal, manifest } = opened
  const received = before.find(({ fields }) => fields.kind === "petition_received")
  const body = {
    format: "resguardo/case/v1",
    state: "filed",
    portal: portal.name,
    url,
    case: opened.case,
    status_code: opened.statusCode,
    log_origin: portal.log_origin,
    log_vkey: portal.log_vkey,
    statement_vkey: portal.statement_vkey,
    genesis: opened.genesis,
    manifest_sha256: manifest.sha256,
    manifest_version: manifest.version,
    entry_index: received?.index ?? null,
    language,
    ...brought,
  }
  return `${JSON.stringify(body, null, 1)}\n`
}
