import { createPublicKey } from "node:crypto";
import { resolve } from "node:path";

import type { Command } from "commander";

import { renderFingerprint } from "../../certs/authority/index.ts";
import { makeKeyPair, makeSigningKey, saveKey } from "../../certs/keys/index.ts";
import { makeCosigner, makeNoteSigner, renderVerifierKey } from "../../certs/log/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { openKey, readPublicKey, type RegisterWorld, saveNewFile } from "./register-world.ts";
import type { OfficeStart } from "./world.ts";

function savePublic(file: string, spki: Bytes): void {
  const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  saveNewFile(file, key.export({ format: "pem", type: "spki" }).toString());
}

function makeKey(world: RegisterWorld, name: string, kind: string): void {
  if (kind !== "P-256" && kind !== "Ed25519") {
    throw new Fault("USAGE_INVALID", "--kind is P-256 or Ed25519");
  }
  const file = resolve(world.cwd, name);
  const pair = makeKeyPair(kind);
  const { spki } = makeSigningKey(pair);
  saveKey(file, pair);
  savePublic(`${file}.pub`, spki);
  world.out(`${name}: the private key; it stays on this machine and nobody else reads it.\n`);
  world.out(`${name}.pub: the public key; give it to the office.\n`);
  world.out(`Fingerprint, to be compared on paper: ${renderFingerprint(spki)}\n`);
}

interface VerifierOrder {
  readonly place: string;
  readonly name: string;
  readonly isWitness: boolean;
}

/** The text that the register has of a log's key, or of a witness's. */
function showVerifier(world: RegisterWorld, { place, name, isWitness }: VerifierOrder): void {
  const key = openKey(world, place);
  if (key.algorithm !== "EdDSA") {
    throw new Fault("KEY_UNUSABLE", "logs and witnesses sign with Ed25519: register key make FILE --kind Ed25519");
  }
  const { verifierKey } = isWitness ? makeCosigner(name, key) : makeNoteSigner(name, key);
  world.out(`${renderVerifierKey(verifierKey)}\n`);
} // prettier-ignore

/** `atumpan register key …`: keys of officers and of roles, made by who holds them. */
export function addKeys(program: Command, start: OfficeStart): void {
  const key = program.command("key").description("make a key on your own machine; show a fingerprint");
  key
    .command("make <file>")
    .description("a new key: FILE for yourself alone, FILE.pub for the office")
    .option("--kind <kind>", "P-256 or Ed25519", "P-256")
    .action((file: string, { kind }: { kind: string }) => start((world) => makeKey(world, file, kind)));
  key
    .command("public <place> <file>")
    .description("write the public half of a key in a file or a token")
    .action((place: string, file: string) =>
      start((world) => savePublic(resolve(world.cwd, file), openKey(world, place).spki)),
    );
  key
    .command("verifier <key> <name>")
    .description("the line by which a log's notes are verified; the register takes it as verifierKey")
    .option("--witness", "of a witness, who signs what he saw and when")
    .action((place: string, name: string, { witness: isWitness = false }: { witness?: boolean }) =>
      start((world) => showVerifier(world, { place, name, isWitness })),
    );
  key
    .command("show <file>")
    .description("the fingerprint of a public key")
    .action((file: string) =>
      start((world) => world.out(`${renderFingerprint(readPublicKey(world, file))}\n`)),
    );
} // prettier-ignore
