// Bundles each library that our pages use into one file of app/static/vendor: what this folder's other files name.
// node app/bundling/build.mjs <folder of node_modules> <target folder>
import { createHash } from "node:crypto"
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, constants } from "node:zlib"

const [modules, target] = process.argv.slice(2).map((path) => resolve(path))
const here = dirname(fileURLToPath(import.meta.url))
const { build } = createRequire(join(modules, "package.json"))("esbuild")
// The names inside a bundle follow from the paths of its sources. So those stand in one place beside the packages, and the
// same packages give the same bytes on every machine.
const base = dirname(modules)
const sources = join(base, "entries")
await rm(sources, { recursive: true, force: true })
await mkdir(sources)
const names = (await readdir(here)).filter((name) => name.endsWith(".js")).sort()
const entries = names.map((name) => join(sources, name))
for (const name of names) await copyFile(join(here, name), join(sources, name))

// pdf.js loads its decoders of scanned pages by address, where no hash holds them: here they are part of the bundle, as
// plain JavaScript, since no page of ours lets WebAssembly run.
const BY_ADDRESS = /import\(\s*(?:\/\*[^*]*\*\/\s*)*`\$\{WasmImage\.#wasmUrl\}\$\{this\._noWasmFilename\}`\)/g
const DECODERS = ["jbig2_nowasm_fallback.js", "openjpeg_nowasm_fallback.js"]
const decodersInside = {
  name: "decoders-inside",
  setup({ onLoad }) {
    onLoad({ filter: /pdf\.worker\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8")
      if (source.match(BY_ADDRESS)?.length !== 1) throw new Error("pdf.js loads its decoders in another way")
      const inside = DECODERS.map((name) => `"${name}": () => import("pdfjs-dist/wasm/${name}")`).join(", ")
      return { contents: source.replace(BY_ADDRESS, `({ ${inside} })[this._noWasmFilename]()`), loader: "js" }
    })
  },
}

// age-encryption also seals to recipients on the curve P-256, which we refuse (crypto/FORMAT.md): a sixth of the bundle,
// for which everybody on a slow line would wait. Without the two branches that name them, nothing else of it is used.
const REFUSED = /else if \(s\.startsWith\("age1tag(?:pq)?1"\)\) \{\s*this\.recipients\.push\(new (?:Hybrid)?TagRecipient\(s\)\);\s*\}\s*/g
const MADE_AT_ONCE = /(?<= )(?:QSF|createKitchenSink|ecdhKem)\((?='|p)/g
const withoutRefused = {
  name: "without-refused",
  setup({ onLoad }) {
    onLoad({ filter: /age-encryption\/dist\/index\.js$/ }, ({ path }) => edited(path, REFUSED, 2, ""))
    onLoad({ filter: /post-quantum\/hybrid\.js$/ }, ({ path }) => edited(path, MADE_AT_ONCE, 5, "/* @__PURE__ */ $&"))
  },
}

// SHA-256 reads its state from fields. Browsers whose small numbers have 31 bits keep such fields as floating-point numbers, and
// would calculate the rounds in these, at a third of the speed: all state is made whole again before the first round.
const STATE = /let \{ A, B, C, D, E, F, G, H \} = this;/g
const WHOLE = `let ${[..."ABCDEFGH"].map((name) => `${name} = this.${name} | 0`).join(", ")};`
const wholeNumbers = {
  name: "whole-numbers",
  setup({ onLoad }) {
    onLoad({ filter: /@noble\/hashes\/sha2\.js$/ }, ({ path }) => edited(path, STATE, 1, WHOLE))
  },
}

/** A source with each of the `count` places that a pattern finds replaced. */
async function edited(path, pattern, count, replacement) {
  const source = await readFile(path, "utf8")
  if (source.match(pattern)?.length !== count) throw new Error(`${path} is written in another way`)
  return { contents: source.replace(pattern, replacement), loader: "js" }
}

await rm(target, { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: entries,
  outdir: target,
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox114", "safari16.4"],
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  nodePaths: [modules],
  // The package exports its index only; the recipient class is what a file larger than memory is begun with.
  alias: { "age-encryption/dist/recipients.js": join(modules, "age-encryption/dist/recipients.js") },
  plugins: [decodersInside, withoutRefused, wholeNumbers],
  metafile: true,
  absWorkingDir: base,
})

// What each exports is also what a type checker reads.
for (const entry of entries) await copyFile(entry, join(target, basename(entry).replace(/js$/, "d.ts")))

// Which versions are inside stands beside the files.
const packages = new Set()
for (const input of Object.keys(metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(resolve(base, input))
  if (found) packages.add(found[1])
}
const versions = {}
for (const name of [...packages].sort()) {
  versions[name] = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8")).version
}
await writeFile(join(target, "versions.json"), JSON.stringify(versions, null, 1) + "\n")

// Brotli at its best is too slow for a server that starts, so what is served stands here packed, ours too: under the hash
// of its content, so that a file that was changed since is not found, and travels as gzip.
const LARGE = 1024 * 1024 // bytes, beyond which the best takes many times as long as the next best
const packed = join(target, "packed")
await mkdir(packed)
const served = await readdir(dirname(target), { recursive: true })
for (const name of served.filter((one) => /\.(js|css)$/.test(one))) {
  const content = await readFile(join(dirname(target), name))
  const quality = content.length > LARGE ? 9 : constants.BROTLI_MAX_QUALITY
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  await writeFile(join(packed, `${createHash("sha256").update(content).digest("hex")}.br`), brotliCompressSync(content, { params }))
}
