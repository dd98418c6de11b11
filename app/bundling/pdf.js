// pdf.js whole, for a worker of its own: what reads a PDF and what draws it; nothing of it asks for another file.
import "pdfjs-dist/legacy/build/pdf.worker.mjs"
export { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs"
