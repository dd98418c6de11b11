// A second age implementation, driven from Python: one JSON request on standard input, one JSON answer.
// AGE_ENCRYPTION is the file address of the npm package age-encryption.
const age = await import(process.env.AGE_ENCRYPTION)

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const request = JSON.parse(Buffer.concat(chunks).toString())

async function seal({ recipients = [], passphrase, work, data, armor }) {
  const encrypter = new age.Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  if (passphrase) {
    encrypter.setPassphrase(passphrase)
    encrypter.setScryptWorkFactor(work)
  }
  const file = await encrypter.encrypt(new Uint8Array(Buffer.from(data, "base64")))
  return Buffer.from(armor ? age.armor.encode(file) : file).toString("base64")
}

async function open({ identities = [], passphrase, data, armor }) {
  const decrypter = new age.Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  if (passphrase) decrypter.addPassphrase(passphrase)
  const bytes = Buffer.from(data, "base64")
  const file = armor ? age.armor.decode(bytes.toString()) : new Uint8Array(bytes)
  return Buffer.from(await decrypter.decrypt(file)).toString("base64")
}

const verbs = { seal, open, recipient: ({ identity }) => age.identityToRecipient(identity), generate: () => age.generateHybridIdentity() }
process.stdout.write(JSON.stringify(await verbs[request.verb](request)))
