// The second implementation of age that our tests use, from npm. Standard input to standard output.
//
//   node age.mjs identity                      a new post-quantum identity
//   node age.mjs recipient < IDENTITY          what to seal to
//   node age.mjs seal RECIPIENT… < IN > OUT    --armor before the recipients: in letters
//   node age.mjs open IDENTITY-FILE < IN > OUT
import { webcrypto } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

globalThis.crypto ??= webcrypto; // Node 18 of Debian 12 has it under this name only

const age = await import("age-encryption");
const [task, ...words] = process.argv.slice(2);
const input = () => new Uint8Array(readFileSync(0));
const text = (bytes) => new TextDecoder().decode(bytes);

async function sealed(recipients) {
  const sealer = new age.Encrypter();
  for (const recipient of recipients) sealer.addRecipient(recipient);
  return await sealer.encrypt(input());
}

async function opened(file) {
  const opener = new age.Decrypter();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line && !line.startsWith("#")) opener.addIdentity(line);
  }
  const envelope = input();
  const armored = text(envelope.slice(0, 5)) === "-----";
  return await opener.decrypt(armored ? age.armor.decode(text(envelope)) : envelope);
}

const tasks = {
  identity: async () => await age.generateHybridIdentity(),
  recipient: async () => await age.identityToRecipient(text(input()).trim()),
  seal: async () =>
    words[0] === "--armor" ? age.armor.encode(await sealed(words.slice(1))) : await sealed(words),
  open: async () => await opened(words[0]),
};

try {
  writeFileSync(1, await tasks[task]());
} catch (error) {
  console.error(`age.mjs: ${error.message}`);
  process.exitCode = 1;
}
