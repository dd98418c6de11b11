// @ts-check
/** The case as a file for a co-holder: number, code, and the keys against which the portal's answers are checked. Pure. */

/**
 * @param {import("./held.js").Held} held @param {{url: string, language: string}} place
 * @returns {string} case.json as the program reads it (app/client/case.py)
 */
export function caseFile({ opened, before, brought }, { url, language }) {
  const { portal, manifest } = opened
  const former = portal.former ?? []
  const first = former[0] ?? portal // the keys of the day of filing; the notes lead from them to those of today
  const received = before.find(({ fields }) => fields.kind === "petition_received")
  const body = {
    format: "resguardo/case/v1",
    state: "filed",
    portal: portal.name,
    url,
    case: opened.case,
    status_code: opened.statusCode,
    log_origin: first.log_origin,
    log_vkey: first.log_vkey,
    statement_vkey: first.statement_vkey,
    genesis: opened.genesis,
    manifest_sha256: manifest.sha256,
    manifest_version: manifest.version,
    entry_index: received?.index ?? null,
    language,
    successors: former.map(({ note }) => note),
    known: opened.known?.note ?? "",
    ...brought,
  }
  return `${JSON.stringify(body, null, 1)}\n`
}
