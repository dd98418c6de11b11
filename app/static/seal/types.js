// @ts-check
/**
 * What the sealing modules take and give: shapes only, nothing runs here.
 *
 * Everything is plain data that survives a structured clone, so that a page may keep it in its encrypted draft and go
 * on after a reload. Bytes are `Uint8Array`, texts of notes are strings, times are RFC 3339.
 */

/**
 * What GET /api/v1/portal says of a portal; `log_vkey` and `statement_vkey` are what its answers are checked under.
 * `former`: the keys before the present ones, of this log or of one before it (succession.js).
 * @typedef {{name: string, deployment: "office" | "custodian", log_origin: string, log_vkey: string, statement_vkey: string, former?: FormerLog[]}} PortalKeys
 */

/**
 * Keys before others. After a loss: the first `kept` entries are the next log's, `lost` more are known to be gone. Where
 * the log announced the next ones: `announced`, the entry's number. `note` is what leads on.
 * @typedef {{log_origin: string, log_vkey: string, statement_vkey: string, kept?: number, lost?: number, announced?: number, day: string, note: string}} FormerLog
 */

/**
 * A case that exists on this device only. Secret as a whole.
 *
 * @typedef {object} Prepared
 * @property {PortalKeys} portal
 * @property {string} genesis
 * @property {string} case the case's number
 * @property {Uint8Array} filerSeed
 * @property {Uint8Array} caseSeed
 * @property {Uint8Array} caseLogKey
 * @property {RosterEntry[]} roster the eight recipients of the case key
 * @property {string} upload the id under which larger parts are put beforehand
 * @property {string} statusCode to be written down, XXXX-XXXX-XXXX-XXXX-XXXX-XXXX
 */

/** @typedef {{recipient: string, salt: Uint8Array, label: "filer" | "holder" | "unused"}} RosterEntry */

/**
 * How the redaction was settled: what the manifest's `review` says.
 * @typedef {{settled: number, careful: boolean, kept: {path: string, kind: string}[]}} ReviewSummary
 */

/**
 * One witness as the petition has it, without the statement; `label` is what stands for them in the record.
 * @typedef {Record<string, unknown> & {label: string}} Identity
 */

/** @typedef {{witness: number, id: string | null, statement: string}} Statement `witness`: place in `identities`. */

/**
 * The petition as it was written, without witnesses and without local paths of files; sealed.
 *
 * `witnesses`: the ids of the witnesses, in the order of `identities`. `surrogates`: label by path. `decisions`: how
 * each mark was settled.
 * @typedef {{petition: Record<string, unknown>, witnesses: (string | null)[], surrogates: Record<string, string>, decisions: object[]}} Originals
 */

/**
 * One evidence file: `path` of its entry such as `evidence[0]`, `evidence` its id (else the path), `title` as written.
 * @typedef {{path: string, evidence: string, title: string, blob: Blob, name?: string}} EvidenceFile `name`: if not the blob's own
 */

/**
 * How far it is: bytes of everything that is sealed or sent. `step` is "seal" or "send".
 * @typedef {(progress: {step: "seal" | "send", done: number, total: number}) => void} OnProgress
 */

/**
 * A filing call, and what is needed to check its receipt. The same submission sent again brings the same receipt.
 *
 * @typedef {object} Submission
 * @property {Record<string, unknown>} body the JSON body of POST /api/v1/petitions
 * @property {PortalKeys} portal
 * @property {string} case
 * @property {string} manifestSha256
 */

/**
 * A sealed part that is put before the call: its bytes, or how to make them again from the file (parts of one file
 * are never all in memory). `sealed` is secret: it opens that file.
 * @typedef {{sha256: string, size: number, data: Uint8Array} | {sha256: string, size: number, blob: Blob} | {sha256: string, size: number, sealed: SealedFile, part: number}} Upload
 */

/**
 * @typedef {object} SealedFile
 * @property {Blob} blob
 * @property {Uint8Array} start age header and payload nonce
 * @property {Uint8Array} payloadKey
 * @property {Uint8Array} head first line of the frame
 * @property {number} framed bytes of the whole frame, zeros included
 * @property {string} [path] of the petition's evidence that it is: by this a page knows its file again
 */

/**
 * A verified receipt. `text` is to be kept: it is what others verify. `index` is the entry's place in the log.
 * @typedef {{text: string, case: string, index: number, received: string, deployment: string}} Receipt
 */

/**
 * One entry of a case's history, proved against the log on this device; `fields` are the opened ones.
 * @typedef {{index: number, time: number, kind: number, fields: Record<string, string>, proof: string, leaf: Uint8Array, signed?: boolean}} ProvedEntry
 */

/** @typedef {{code: "unproved" | "gap" | "doubled" | "foreign" | "order" | "withheld" | "lost" | "changed" | "older" | "fork" | "other_history" | "unpublished" | "skipped" | "late" | "not_shown" | "not_in_log" | "contradicted" | "signature" | "unsigned" | "signing_rule" | "receipt" | "version" | "unlogged", place: number}} Finding */

/** @typedef {{record: string, content: Record<string, any>}} Piece a sealed object that holds JSON, opened: its mark and what is inside */

/** @typedef {{kind: string, record: string, size: number, sha256: string}} Listed a sealed object as the manifest lists it */

/**
 * What was opened of a case: JSON of each piece by kind, and the files that can be fetched.
 * @typedef {{pieces: {kind: string, record: string, content: Record<string, any>}[], files: Listed[]}} Contents
 */

/*
 * The calls (filing.js, case.js). Each rejects with a `SealError` (errors.js) whose `code` a page puts into words.
 *
 * filing.js — the secret work is done in a worker
 *   prepareCase({portal: PortalKeys, root: Uint8Array, holders: string[]}) → Promise<Prepared>
 *   sealFiling({prepared, record: string, review: ReviewSummary, identities: Identity[], statements: Statement[],
 *               originals: Originals, files: EvidenceFile[], onProgress?}) → Promise<{submission, uploads: Upload[]}>
 *   sendFiling({url: string, submission, uploads, onProgress?, sent?: Set<string>, signal?}) → Promise<Receipt>
 *     `sent` takes the hashes of parts that arrived; keep it, and a second call goes on where the first one broke.
 *   selfTest() → Promise<void>: seals something and opens it again; a page enables its button after it.
 *
 * case.js
 *   openCase({url, number, code, root, seen?: {version, sha256}}) → Promise<OpenedCase>
 *   signIn({url, opened}) → Promise<void>; `opened.known` goes along, and says afterwards if the portal contradicts it
 *   fetchContents({url, opened}) → Promise<Contents>
 *   fetchFile({url, opened, listed}) → Promise<Blob>
 *   fetchHistory({url, opened, receipt?: string, before?: ProvedEntry[]}) → Promise<{entries: ProvedEntry[], findings: Finding[]}>
 *
 * revising.js — next versions of a case, sealed in the worker like a filing
 *   sealAnswer({opened, answer: Answer, onProgress?}) → Promise<Revision>
 *   sendRevision({url, opened, revision, onProgress?, sent?, signal?}) → Promise<Receipt>
 *     Afterwards `opened` is the case with its newest version.
 */

export {}
