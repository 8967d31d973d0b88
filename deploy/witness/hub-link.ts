import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { inboxPrefixOf, outLogSubject, parseLogAnswer } from "../../schemas/index.ts";
import { type Chance, type Clock, Fault, silentLog } from "../../schemas/ground/index.ts";
import { checkTrustedRoot, type Anchors, type RegisterView } from "../../certs/trust/index.ts";
import {
  fetchRegister,
  type HeldRegister,
  loadRegister,
  makeHubSource,
  makeHubTrust,
  saveRegister,
  startConnection,
} from "../../gateways/link/index.ts";
import type { WitnessConfig } from "./folder.ts";
import type { AskLog } from "./visit.ts";

/** Where a witness's own copies lie, and by what time it goes. */
export interface LinkGround {
  readonly dir: string;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** The way to one hub. */
export interface HubLink {
  readonly isUp: boolean;
  readonly ask: AskLog;
  /** As it was proved last. */
  readonly register: () => RegisterView;
  /** Fetches what of the register is new. @throws {Fault} HUB_UNREACHABLE, REGISTER_*, STORE_WRITE_FAILED */
  renew(): Promise<void>;
  stop(): Promise<void>;
}

const timeoutMs = 15_000;

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", `${file} cannot be read`, { cause });
  }
}

function loadAnchors(file: string): Anchors {
  const root = Buffer.from(readText(file));
  try {
    checkTrustedRoot(root);
    return { root };
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", `${file} is not a root of a register`, { cause });
  }
}

/** The newer of what was given and what was fetched. */
function openRegister(own: string, given: string, anchors: Anchors): HeldRegister {
  const first = loadRegister(given, anchors);
  if (!existsSync(own)) return first;
  const held = loadRegister(own, anchors);
  return held.view.epoch > first.view.epoch ? held : first;
}

/**
 * Dials a hub as an agency, outbound only, and keeps the register up to date.
 *
 * @throws {Fault} CONFIG_INVALID, REGISTER_*
 */
export function openHubLink(config: NonNullable<WitnessConfig["link"]>, { dir, clock, chance }: LinkGround): HubLink {
  const { hub, agency, registerFile, rootFile, certificateFile, keyFile } = config;
  const own = join(dir, "register.bin");
  const anchors = loadAnchors(rootFile);
  let held = openRegister(own, registerFile, anchors);
  const { urls } = held.view.hubs.find((one) => one.hub === hub) ?? {};
  if (urls === undefined) throw new Fault("CONFIG_INVALID", `link.hub: the register knows no hub ${hub}`);
  const connection = startConnection({
    certificatePem: readText(certificateFile),
    keyPem: readText(keyFile),
    urls,
    inboxPrefix: inboxPrefixOf(agency),
    trust: makeHubTrust(() => held.view, hub, clock),
    clock,
    chance,
    log: silentLog,
    onUp: () => undefined,
    onDown: () => undefined,
  });
  const source = makeHubSource(connection);
  return {
    get isUp() {
      return connection.isUp;
    },
    ask: async (act, question) => {
      return parseLogAnswer(await connection.request(outLogSubject(act), question, timeoutMs));
    },
    register: () => held.view,
    renew: async () => {
      const newer = await fetchRegister(source, anchors, held);
      if (newer === undefined) return;
      saveRegister(own, newer.bytes);
      held = newer;
    },
    stop: () => connection.close(),
  };
} // prettier-ignore
