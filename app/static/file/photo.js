// @ts-check
/**
 * A photo, drawn anew from its pixels: what else its file carried (place, phone, earlier pictures) stays behind. Boxes
 * are solid and become part of the pixels; blur and mosaic can be undone by a machine.
 */
const LONGEST_SIDE = 2048 // pixels: a letter photographed whole stays readable
const QUALITY = 0.85

/** @typedef {{ x: number, y: number, width: number, height: number }} Box in parts of the photo, 0 to 1 */

/** A photo on a canvas, with its boxes. */
export class Photo {
  /** @param {Blob} source @param {HTMLCanvasElement} canvas */
  constructor(source, canvas) {
    this._source = source
    this._canvas = canvas
    /** @type {Box[]} */ this.boxes = []
  }

  /** Draw it elsewhere from now on. @param {HTMLCanvasElement} canvas */
  moveTo(canvas) {
    this._canvas = canvas
  }

  /** Draw it with its boxes. Rejects when the browser cannot read it as a picture. */
  async draw() {
    const pixels = await createImageBitmap(this._source, { imageOrientation: "from-image" })
    const scale = Math.min(1, LONGEST_SIDE / Math.max(pixels.width, pixels.height))
    this._canvas.width = Math.max(1, Math.round(pixels.width * scale))
    this._canvas.height = Math.max(1, Math.round(pixels.height * scale))
    const pen = /** @type {CanvasRenderingContext2D} */ (this._canvas.getContext("2d"))
    // What is transparent would turn black in a JPEG.
    pen.fillStyle = "#ffffff"
    pen.fillRect(0, 0, this._canvas.width, this._canvas.height)
    pen.drawImage(pixels, 0, 0, this._canvas.width, this._canvas.height)
    pixels.close()
    this.boxes.forEach((box) => this._cover(box))
  }

  /** @param {Box} box */
  _cover({ x, y, width, height }) {
    const { width: across, height: down } = this._canvas
    const pen = /** @type {CanvasRenderingContext2D} */ (this._canvas.getContext("2d"))
    pen.fillStyle = "#111111"
    pen.fillRect(Math.floor(x * across), Math.floor(y * down), Math.ceil(width * across), Math.ceil(height * down))
  }

  /** @returns {Promise<Blob>} the pixels as a new JPEG */
  blob() {
    return new Promise((resolve, reject) => {
      this._canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("canvas"))), "image/jpeg", QUALITY)
    })
  }
}
