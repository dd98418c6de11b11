// @ts-check
/** What a portal says of itself, as far as sealing for it needs. */
import { NetworkError } from "./errors.js"

/** @typedef {import("./types.js").PortalKeys} PortalKeys */

/** A portal's keys out of what it says of itself. Code: answer. @param {Record<string, any>} said @returns {PortalKeys} */
export function portalKeys({ name, deployment, log_origin, log_vkey, statement_vkey }) {
  const keys = { name, deployment, log_origin, log_vkey, statement_vkey }
  if (Object.values(keys).some((value) => typeof value !== "string")) throw new NetworkError("answer")
  return keys
}
