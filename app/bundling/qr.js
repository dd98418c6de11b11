// QR codes for what must not leave the device: words, and the code of a case.
export { encodeQR } from "qr"
