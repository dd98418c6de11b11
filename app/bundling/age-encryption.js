// age-encryption with the parts of its noble libraries that our modules use as well: nothing is there twice.
export { Decrypter, Encrypter, armor, identityToRecipient } from "age-encryption"
export { HybridRecipient } from "age-encryption/dist/recipients.js"
export { chacha20poly1305 } from "@noble/ciphers/chacha.js"
export { ed25519 } from "@noble/curves/ed25519.js"
export { hkdf } from "@noble/hashes/hkdf.js"
export { hmac } from "@noble/hashes/hmac.js"
export { sha256 } from "@noble/hashes/sha2.js"
export { bech32 } from "@scure/base"
