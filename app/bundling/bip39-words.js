// The word lists of BIP 39 in the three languages of the twelve words; nothing of its seeds and wallets.
export { wordlist as en } from "@scure/bip39/wordlists/english.js"
export { wordlist as es } from "@scure/bip39/wordlists/spanish.js"
export { wordlist as fr } from "@scure/bip39/wordlists/french.js"
