import { existsSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "../../../schemas/ground/index.ts";
import { renderRequest } from "../../keys/index.ts";
import { caProfiles, renderExtension, trustDomainOf } from "../../shape/index.ts";
import { issuingName } from "../certificate-files.ts";
import { type Journal, startJournal } from "../journal.ts";
import { saveIssuerKey } from "../key-files.ts";
import { confirmFingerprint } from "./confirm.ts";
import { type Ceremony, type CeremonyDesk, holdCeremony } from "./desk.ts";
import { makeFolder, saveNew } from "./files.ts";
import { renderFingerprint } from "./fingerprint.ts";
import { makeCaKey } from "./pins.ts";
import { journalFile } from "./root.ts";

/** An issuing CA to be asked for on the online machine, the first or one that follows. */
export interface RequestOrder {
  readonly authority: string;
  /** Where the issuing CA works: `issuing.key`, `issuing.crt`, and so on. */
  readonly folder: string;
  /** A new or empty folder for what is carried to the root. */
  readonly out: string;
  /** A PKCS #11 URI when a token is to make and hold the key; a file otherwise. */
  readonly place?: string | undefined;
}

const maxIssuing = 9999;

/** The first name that no issuing CA bears. A key that waits for its certificate must be used or put away first. */
function findName(folder: string): string {
  for (let number = 1; number <= maxIssuing; number += 1) {
    const name = issuingName(number);
    const has = (end: string): boolean => existsSync(join(folder, `${name}.${end}`));
    if (has("crt")) continue;
    if (!has("key") && !has("token")) return name;
    throw new Fault(
      "CEREMONY_REFUSED",
      `${name} of ${folder} waits for its certificate: install that first`,
    );
  }
  throw new Fault("CEREMONY_REFUSED", `${folder} has had ${maxIssuing} issuing CAs`);
}

async function work(order: RequestOrder, ceremony: Ceremony): Promise<string> {
  const { authority, folder, out, place } = order;
  const name = findName(folder);
  const held = await makeCaKey(ceremony, { place, keyType: "P-256" });
  const { keyUsage, pathLength } = caProfiles.ISSUING;
  const request = renderRequest(
    {
      subject: { commonName: `${authority} issuing`, organisation: trustDomainOf(authority) },
      extensions: [
        renderExtension.basicConstraints(pathLength),
        renderExtension.keyUsage(keyUsage),
        renderExtension.nameConstraints(trustDomainOf(authority)),
      ],
    },
    held.key,
  );
  ceremony.say(`Fingerprint of the request: ${renderFingerprint(request)}`);
  ceremony.say("Each officer writes it on paper now, from the screen, and signs the paper.");
  const what = "the request";
  await confirmFingerprint(ceremony, { what, bytes: request, from: "from the paper" });
  saveIssuerKey(folder, name, held);
  saveNew(join(out, "issuing.csr"), "CERTIFICATE REQUEST", request);
  ceremony.say(`Carry ${out} and the paper to the root's machine. The key stays here.`);
  return name;
}

/**
 * Makes the key of an issuing CA on the online machine and asks for its certificate. Nothing is kept before
 * both officers have typed the request's fingerprint from the paper that they wrote.
 *
 * @returns the name its files bear
 * @throws {Fault} CEREMONY_REFUSED, KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function holdRequestCeremony(
  desk: CeremonyDesk,
  order: RequestOrder,
): Promise<string> {
  makeFolder(order.folder);
  const openJournal = (): Journal => startJournal(journalFile(order.folder));
  const plan = { act: "request", folder: order.folder, openJournal } as const;
  return await holdCeremony({ desk, plan }, (ceremony) => work(order, ceremony));
}
