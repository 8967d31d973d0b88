import { resolve } from "node:path";

import type { Command } from "commander";

import {
  type CeremonyDesk,
  holdInstallCeremony,
  holdRequestCeremony,
  holdRootCeremony,
  holdRootListCeremony,
  holdSignCeremony,
  revocationReasons,
} from "../../certs/authority/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { parseNumber } from "./words.ts";
import type { AuthorityWorld, OfficeStart } from "./world.ts";

interface CeremonyOptions {
  readonly folder: string;
  readonly out: string;
  readonly authority: string;
  readonly key?: string;
  readonly days?: string;
  readonly request: string;
  readonly from: string;
  readonly revoke?: string;
  readonly reason?: string;
}

const folderWords = "the folder of the CA whose machine this is";
const outWords = "a new folder for what is carried, such as one on a stick";
const keyWords = "a PKCS #11 URI, when a token is to make and hold the key";
const daysWords = "how long the root's list lives";

function deskOf({ ask, askPin, clock, chance, out }: AuthorityWorld): CeremonyDesk {
  return { ask, askPin, clock, chance, say: (text) => out(`${text}\n`) };
}

/** Paths as the person meant them. */
function placesOf<Name extends string>(
  { cwd }: AuthorityWorld,
  named: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>>;
function placesOf(
  { cwd }: AuthorityWorld,
  named: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const found = Object.entries(named).map(([name, path]) => [name, resolve(cwd, path)] as const);
  return Object.fromEntries(found);
}

function isReason(text: string): text is keyof typeof revocationReasons {
  return Object.hasOwn(revocationReasons, text);
}

function findRevocation({
  revoke: serial,
  reason = "",
}: CeremonyOptions):
  { readonly serial: string; readonly reason: keyof typeof revocationReasons } | undefined {
  if (serial === undefined) return undefined;
  if (isReason(reason)) return { serial: serial.toLowerCase(), reason };
  const known = Object.keys(revocationReasons).join(", ");
  throw new Fault("USAGE_INVALID", `--revoke wants --reason, one of ${known}`);
}

function addOffline(ceremony: Command, start: OfficeStart): void {
  ceremony
    .command("root")
    .description("on the offline machine: make the root, once in twenty years")
    .requiredOption("--authority <name>", "two to ten small letters, such as ng")
    .requiredOption("--folder <folder>", folderWords)
    .requiredOption("--out <folder>", outWords)
    .option("--key <place>", keyWords)
    .option("--days <days>", daysWords)
    .action(({ authority, folder, out, key: place, days }: CeremonyOptions) => {
      const order = { authority, place, days: parseNumber(days, "--days") };
      start((world) =>
        holdRootCeremony(deskOf(world), { ...order, ...placesOf(world, { folder, out }) }),
      );
    });
  ceremony
    .command("sign")
    .description("on the offline machine: sign an issuing CA that was asked for")
    .requiredOption("--folder <folder>", folderWords)
    .requiredOption("--request <file>", "the request that was carried here")
    .requiredOption("--out <folder>", outWords)
    .option("--days <days>", daysWords)
    .action(({ folder, request, out, days: text }: CeremonyOptions) => {
      const days = parseNumber(text, "--days");
      start((world) =>
        holdSignCeremony(deskOf(world), { days, ...placesOf(world, { folder, request, out }) }),
      );
    });
}

function addList(ceremony: Command, start: OfficeStart): void {
  ceremony
    .command("list")
    .description(
      "on the offline machine: the root's next list; with --revoke an issuing CA is on it",
    )
    .requiredOption("--folder <folder>", folderWords)
    .requiredOption("--out <folder>", outWords)
    .option("--days <days>", daysWords)
    .option("--revoke <serial>", "the serial number of an issuing CA")
    .option("--reason <reason>", "why it is revoked")
    .action((options: CeremonyOptions) => {
      const days = parseNumber(options.days, "--days");
      const revoke = findRevocation(options);
      const { folder, out } = options;
      start((world) =>
        holdRootListCeremony(deskOf(world), { days, revoke, ...placesOf(world, { folder, out }) }),
      );
    });
}

function addOnline(ceremony: Command, start: OfficeStart): void {
  ceremony
    .command("request")
    .description("on the online machine: make the key of an issuing CA and ask for its certificate")
    .requiredOption("--authority <name>", "two to ten small letters, such as ng")
    .requiredOption("--folder <folder>", folderWords)
    .requiredOption("--out <folder>", outWords)
    .option("--key <place>", keyWords)
    .action(({ authority, folder, out, key: place }: CeremonyOptions) => {
      start((world) =>
        holdRequestCeremony(deskOf(world), {
          authority,
          place,
          ...placesOf(world, { folder, out }),
        }),
      );
    });
  ceremony
    .command("install")
    .description("on the online machine: take in what the root signed")
    .requiredOption("--folder <folder>", folderWords)
    .requiredOption("--from <folder>", "the folder that was carried here")
    .action(({ folder, from }: CeremonyOptions) => {
      start((world) => holdInstallCeremony(deskOf(world), placesOf(world, { folder, from })));
    });
}

/** `atumpan authority ceremony …`: what two officers do with the root and its issuing CAs (CEREMONY.md). */
export function addCeremony(program: Command, start: OfficeStart): void {
  const ceremony = program
    .command("ceremony")
    .description("make and replace CAs: two officers, an offline machine, paper");
  addOffline(ceremony, start);
  addList(ceremony, start);
  addOnline(ceremony, start);
}
