import type { Command } from "commander";

import type { Start } from "../../gateways/cli/index.ts";
import { addCeremony } from "./authority-ceremony.ts";
import { type InitOptions, type IssueOptions, runInit, runIssue } from "./authority-issue.ts";
import { type JournalOptions, runJournal } from "./authority-journal.ts";
import { type EndorseOptions, runEndorse } from "./authority-endorse.ts";
import { type KitOptions, runKitMake } from "./authority-kit.ts";
import { type KitAnswerOptions, runKitAnswer } from "./authority-kit-answer.ts";
import { type RenewalsOptions, runRenewals } from "./authority-renewals.ts";
import { runVouch, type VouchOptions } from "./authority-vouch.ts";
import { runCrl } from "./authority-lists.ts";
import { type RevokeOptions, runList, runRevoke } from "./authority-revoke.ts";
import { type Trial, trialOption } from "./trial.ts";
import type { Common } from "./words.ts";
import { makeOfficeStart, type OfficeStart } from "./world.ts";

const folderWords = "the authority's folder";
const jsonWords = "print the result as JSON";
const registerWords = "the register in force, with root.json beside it; or the folder they lie in";
const editWords = "a new file for atumpan register propose";

/** A command on an authority's folder. */
function onFolder(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--folder <folder>", folderWords, ".")
    .option("--json", jsonWords);
}

function addIssuing(program: Command, start: OfficeStart): void {
  trialOption(onFolder(program, "init", "make an authority in one folder, for trying out"))
    .requiredOption("--authority <name>", "two to ten small letters, such as ng")
    .action((options: InitOptions) => start((world) => runInit(world, options)));
  trialOption(onFolder(program, "issue", "issue a certificate for a request"))
    .requiredOption("--request <file>", "the certificate request, PKCS #10")
    .requiredOption("--agency <agency>", "whom it is for, such as ng/tcu")
    .requiredOption("--kind <kind>", "LINK, SERVER, SIGNING or SEALING")
    .option("--days <days>", "how long it is good for; 90 unless said")
    .option("--out <file>", "where it is written")
    .action((options: IssueOptions) => start((world) => runIssue(world, options)));
}

function addLists(program: Command, start: OfficeStart): void {
  trialOption(onFolder(program, "revoke", "revoke a certificate and make the list that says so"))
    .option("--serial <serial>", "one certificate")
    .option("--agency <agency>", "every current certificate of an agency …")
    .option("--kind <kind>", "… and this kind")
    .requiredOption("--reason <reason>", "why, such as KEY_COMPROMISE")
    .action((options: RevokeOptions) => start((world) => runRevoke(world, options)));
  onFolder(program, "list", "certificates on record")
    .option("--agency <agency>", "of one agency")
    .option("--all", "those revoked or over as well")
    .action((options: Common) => start((world) => runList(world, options)));
  trialOption(onFolder(program, "crl", "make the next revocation lists, though nothing changed"))
    .option("--days <days>", "how long they live; 7 unless said")
    .option("--hours <hours>", "the same in hours")
    .action((options: Common & Trial) => start((world) => runCrl(world, options)));
}

function addRenewals(program: Command, start: OfficeStart): void {
  trialOption(onFolder(program, "renewals <requests>", "answer the requests that gateways left in a folder"))
    .requiredOption("--register <file>", registerWords)
    .option("--vouch <key...>", "SHA-256 of new keys that an officer compared with their agency by another way")
    .option("--out <file>", `where the changed part is written: ${editWords}`)
    .action((requests: string, options: RenewalsOptions) =>
      start((world) => runRenewals(world, requests, options)),
    );
} // prettier-ignore

/** What needs no CA: an agency's own signing key, and the register. */
function addEndorsing(program: Command, start: OfficeStart): void {
  trialOption(program.command("vouch"))
    .description("give our authority's word for another agency's new sealing key")
    .requiredOption("--agency <agency>", "whose key it is, such as gh/fiu")
    .requiredOption("--new <fingerprint>", "its fingerprint, as the agency itself read it to you by another way")
    .requiredOption("--as-agency <agency>", "the agency of ours that signs, such as ng/tcu")
    .requiredOption("--key <place>", "its signing key: a file, or a PKCS #11 URI")
    .requiredOption("--register <file>", registerWords)
    .option("--out <file>", "where the word is written: a new file")
    .option("--json", jsonWords)
    .action((options: VouchOptions) => start((world) => runVouch(world, options)));
  trialOption(program.command("endorse <file...>"))
    .description("put others' words for a sealing key of one of our agencies into our part")
    .requiredOption("--register <file>", registerWords)
    .option("--certificate <file>", "the key's certificate, where the register does not name it yet")
    .option("--out <file>", `where the changed part is written: ${editWords}`)
    .option("--json", jsonWords)
    .action((files: string[], options: EndorseOptions) =>
      start((world) => runEndorse(world, files, options)),
    );
} // prettier-ignore

/** What a new agency is given, and what it is answered. */
function addKit(program: Command, start: OfficeStart): void {
  const kit = program
    .command("kit")
    .description("a new agency's first folder: one folder, and one code that goes another way");
  onFolder(kit, "make", "make the folder for a new agency of ours, and its code")
    .requiredOption("--agency <agency>", "whom it is for: in the register, without certificates")
    .requiredOption("--neighbour <agency>", "to whom its drill message goes, such as gh/tcu")
    .requiredOption("--as-agency <agency>", "the agency of the register that signs the folder")
    .requiredOption("--key <place>", "its signing key: a file, or a PKCS #11 URI")
    .requiredOption("--register <file>", registerWords)
    .option("--days <days>", "how long the code is good for; 14 unless said")
    .option("--readme <lang>", "language of the README; the agency's own unless said")
    .option("--drill <file>", "another drill message: an EXERCISE to the neighbour")
    .option("--out <folder>", "where it is written: a new folder")
    .action((options: KitOptions) => start((world) => runKitMake(world, options)));
  trialOption(onFolder(kit, "answer <request>", "issue what a new agency asks for, by its kit and code"))
    .requiredOption("--register <file>", registerWords)
    .option("--days <days>", "how long the certificates are good for; 90 unless said")
    .option("--part <file>", `where our changed part is written: ${editWords}`)
    .option("--out <folder>", "where the answer is written")
    .action((request: string, options: KitAnswerOptions) =>
      start((world) => runKitAnswer(world, request, options)),
    );
} // prettier-ignore

function addJournal(program: Command, start: OfficeStart): void {
  onFolder(program, "journal", "the journal's head, and whether the journal is whole")
    .option("--verify", "say what was found")
    .option("--events", "print every act")
    .option("--head <head...>", "heads kept elsewhere, COUNT:DIGEST")
    .option("--document <file...>", "certificates and lists that were given out, PEM")
    .option("--transcript <file...>", "transcripts of ceremonies")
    .action((options: JournalOptions) => start((world) => runJournal(world, options)));
}

/**
 * Adds `authority …`: for who issues an authority's certificates. Never reads the root's key but in `ceremony`, and never
 * opens a socket.
 */
export function addAuthority(program: Command, start: Start): void {
  const authority = program
    .command("authority")
    .description("for who issues an authority's certificates: works on a folder, without a network");
  const begin = makeOfficeStart(() => program.opts(), start);
  addIssuing(authority, begin);
  addLists(authority, begin);
  addKit(authority, begin);
  addRenewals(authority, begin);
  addEndorsing(authority, begin);
  addJournal(authority, begin);
  addCeremony(authority, begin);
} // prettier-ignore
