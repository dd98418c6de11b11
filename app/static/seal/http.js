// @ts-check
/**
 * Calls to one portal, and to nothing else.
 *
 *   1. Only the origin that served the page is called, without a referrer; no redirect is followed.
 *   2. An answer has a size that is known before it is used.
 *   3. Only what may be said twice is said twice: reads, uploads by hash, and the filing call.
 */
import { NetworkError } from "./errors.js"

const MIB = 1024 * 1024
const ANSWER_LIMIT = 16 * MIB
const ATTEMPTS = 5
const FIRST_PAUSE = 500 // milliseconds; doubled each time, so some 8 s in all
const TIMEOUT = 120_000
const TRY_AGAIN = [429, 502, 503, 504]

/** @typedef {{method?: string, body?: BodyInit | null, type?: string, limit?: number, signal?: AbortSignal}} Call */

/** @param {string} url of the portal @param {string} path @param {Call} [call] @returns {Promise<Response>} */
async function once(url, path, { method = "GET", body = null, type, signal } = {}) {
  const timeout = AbortSignal.timeout(TIMEOUT)
  try {
    return await fetch(url.replace(/\/$/, "") + path, {
      method,
      body,
      headers: type ? { "content-type": type } : {},
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      credentials: "same-origin",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
  } catch (error) {
    if (signal?.aborted) throw new NetworkError("stopped")
    const late = error instanceof DOMException && error.name === "TimeoutError"
    throw new NetworkError(late ? "timeout" : "unreachable")
  }
}

/** @param {Response} response @param {number} limit */
async function bounded(response, limit) {
  if (Number(response.headers.get("content-length") ?? 0) > limit) throw new NetworkError("too_large")
  let data
  try {
    data = new Uint8Array(await response.arrayBuffer())
  } catch {
    throw new NetworkError("unreachable")
  }
  if (data.length > limit) throw new NetworkError("too_large")
  return data
}

/** @param {Response} response */
async function refusal(response) {
  const { status } = response
  if (TRY_AGAIN.includes(status)) return new NetworkError("busy", { status })
  /** @type {any} */
  let said = {}
  try {
    said = JSON.parse(new TextDecoder().decode(await bounded(response, MIB)))
  } catch {
    // not an answer of ours
  }
  const problem = typeof said.type === "string" ? said.type.split(":").pop() : ""
  const words = typeof said.detail === "string" ? said.detail : typeof said.title === "string" ? said.title : ""
  return new NetworkError("refused", { status, problem, words, field: said.field, kind: said.kind })
}

/** @param {string} url @param {string} path @param {Call} [call] */
async function answered(url, path, call) {
  const response = await once(url, path, call)
  if (!response.ok) throw await refusal(response)
  return await bounded(response, call?.limit ?? ANSWER_LIMIT)
}

/** The same, said again when the line breaks. @param {string} url @param {string} path @param {Call} [call] */
async function repeated(url, path, call) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await answered(url, path, call)
    } catch (error) {
      const again = error instanceof NetworkError && ["unreachable", "timeout", "busy"].includes(error.code)
      if (!again || attempt === ATTEMPTS - 1) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE * 2 ** attempt))
  }
}

/** @param {Uint8Array} data @returns {Record<string, any>} */
function parsed(data) {
  if (!data.length) return {}
  try {
    const value = JSON.parse(new TextDecoder().decode(data))
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value
  } catch {
    // said below
  }
  throw new NetworkError("answer")
}

/** @param {string} url @param {string} path @param {number} [limit] */
export async function getBytes(url, path, limit) {
  return await repeated(url, path, { limit })
}

/** @param {string} url @param {string} path */
export async function getJson(url, path) {
  return parsed(await repeated(url, path))
}

/** Put bytes whose hash the path names. @param {string} url @param {string} path @param {Uint8Array} data @param {AbortSignal} [signal] */
export async function put(url, path, data, signal) {
  const body = /** @type {BodyInit} */ (/** @type {unknown} */ (data))
  await repeated(url, path, { method: "PUT", body, type: "application/octet-stream", signal })
}

/** @param {string} url @param {string} path @param {object} body @param {{repeatable?: boolean, signal?: AbortSignal}} [how] */
export async function postJson(url, path, body, { repeatable = false, signal } = {}) {
  const call = { method: "POST", body: JSON.stringify(body), type: "application/json", signal }
  return parsed(await (repeatable ? repeated : answered)(url, path, call))
}

/** A call that only asks for something, and bytes answered. @param {string} url @param {string} path @param {object} body @param {number} limit */
export async function postForBytes(url, path, body, limit) {
  return await repeated(url, path, { method: "POST", body: JSON.stringify(body), type: "application/json", limit })
}

/** @param {string} url @param {string} path */
export async function remove(url, path) {
  await answered(url, path, { method: "DELETE" })
}

/** The pieces of a large answer as they arrive. @param {string} url @param {string} path @returns {Promise<ReadableStream<Uint8Array>>} */
export async function stream(url, path) {
  const response = await once(url, path)
  if (!response.ok || !response.body) throw await refusal(response)
  return response.body
}
