import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";

import { isKnownCode } from "../schemas/index.ts";
import {
  type Clock,
  Fault,
  systemClock,
  toFault,
  type TriedShape,
  tryShape,
} from "../schemas/ground/index.ts";
import { isTokenPlace } from "../certs/keys/index.ts";
import { loadRenewed } from "../certs/renewal/index.ts";
import { fourEyesShape } from "./approval/index.ts";
import { type AttachmentPolicy, attachmentPolicyShape } from "./attachments/index.ts";
import type { ShelfPlace } from "./backup/index.ts";
import { backupShape, loadBackupChoice } from "./backup-choice.ts";
import { canaryShape } from "./canary/index.ts";
import { loadRoot, readBytes, readText } from "./config-files.ts";
import { loadExtraSigner, loadLink, loadSealing, loadSigner } from "./config-keys.ts";
import { type DropChoice, dropShape } from "./drop/index.ts";
import type { GatewayOptions } from "./gateway.ts";
import { webhooksShape } from "./hooks/index.ts";
import { type LookupPolicy, lookupPolicyShape } from "./lookups/index.ts";
import { apiShape, type EdgeChoice, loadEdge, oidcShape } from "./people-choice.ts";
import { ceilingShape } from "./release/index.ts";
import { type StatisticsChoice, statisticsShape } from "./statistics-choice.ts";
import { type QueryPolicy, queryPolicyShape } from "./queries/index.ts";
import { type TracesChoice, tracesShape } from "./traces/index.ts";
import { makeTranslation, translationShape } from "./translation-choice.ts";
import { parseVaultConfig, storeShape, type VaultConfig } from "./vault/index.ts";
import { loadWebhooks, type WebhookChoice } from "./webhook-choice.ts";

const file = z.string().min(1).max(400);
const pair = z.strictObject({ key: file, certificate: file });
const ownerPurpose = z
  .string()
  .max(60)
  .refine(
    (code) => code === "NONE" || isKnownCode("PURPOSE", code),
    "is a code of PURPOSE, or NONE",
  );
/** What `gateway.json` may say. */
export const gatewayShape = z.strictObject({
  agency: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  api: apiShape.extend({ ownerPurpose: ownerPurpose.optional() }),
  keys: z.strictObject({
    signing: pair,
    moreSigning: z.array(pair).max(4).optional(),
    extra: z.array(file).max(4).optional(),
    link: pair,
    sealing: z.array(pair).min(1).max(8),
  }),
  /** A root of the register (root.json), brought by a way of its own. */
  anchors: file,
  register: file.optional(),
  /** Where the register's repository is served besides the hub: http, https, or a folder as file. */
  registerUrls: z
    .array(
      z
        .string()
        .max(400)
        .regex(/^(?:https?|file):\/\//),
    )
    .min(1)
    .max(8)
    .optional(),
  hubs: z.array(z.string().min(1)).min(1).optional(),
  translation: translationShape.optional(),
  /** How the store is encrypted and locked; left out it is plain. */
  store: storeShape.optional(),
  /** To whom backups are sealed; left out none is made. */
  backup: backupShape.optional(),
  oidc: oidcShape.optional(),
  /** A folder that another system puts files into; left out there is none. */
  drop: dropShape.optional(),
  /** How old the copy may be that lookups go through; 72 hours until it is marked and 14 days in all when left out. */
  lookups: lookupPolicyShape.optional(),
  /** How figures are counted; a quarter at a time, and never sent by themselves, when left out. */
  statistics: statisticsShape.optional(),
  /** How checks of others are answered; by persons when left out. */
  queries: queryPolicyShape.optional(),
  /** Which files of others are fetched unasked; those up to 128 KiB when left out. */
  attachments: attachmentPolicyShape.optional(),
  /** Where webhooks may be; left out nowhere. */
  webhooks: webhooksShape.optional(),
  /** What this deployment may carry; all that is unclassified when left out. */
  ceiling: ceilingShape.optional(),
  /** What takes two officers; the usual, once there is an approver, when left out. */
  fourEyes: fourEyesShape.optional(),
  /** Whether the hub's log is read for messages in our name that we did not send; not when left out. */
  monitor: z.enum(["on", "off"]).optional(),
  /** Whether this is a seat of oversight, which counts the hub's log from its first entry on; not when left out. */
  oversight: z.enum(["on", "off"]).optional(),
  /** How often a few bytes are sent to itself through each hub, to see that the way works; never when left out. */
  canary: canaryShape.optional(),
  /** The agency's own collector of traces; none when left out. */
  traces: tracesShape.optional(),
  /** Whether senders are told when their messages are opened here; so when left out. */
  tellOpened: z.boolean().optional(),
});

/** A gateway's folder as it was read: what `startGateway` needs but the clock, chance and log. */
export interface LoadedGateway {
  readonly options: Omit<GatewayOptions, "clock" | "chance" | "log">;
  /** None of a plain store. */
  readonly store?: VaultConfig | undefined;
  readonly api: EdgeChoice["api"] & {
    /** What the owner of the token reads for when he does not say; NONE that he must. */
    readonly ownerPurpose?: string | undefined;
  };
  readonly people: EdgeChoice["people"];
  readonly webhooks?: WebhookChoice | undefined;
  readonly backup: ShelfPlace;
  /** With its folder as an absolute path. */
  readonly drop?: DropChoice | undefined;
  readonly lookups: LookupPolicy | undefined;
  readonly queries: QueryPolicy | undefined;
  readonly statistics?: StatisticsChoice | undefined;
  readonly attachments?: AttachmentPolicy | undefined;
  readonly traces?: TracesChoice | undefined;
}

function readShape(path: string): z.infer<typeof gatewayShape> {
  let parsed: TriedShape<z.infer<typeof gatewayShape>>;
  try {
    parsed = tryShape(gatewayShape, JSON.parse(readText(path)));
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} is not JSON of our kind`);
  }
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join(".") ?? "";
  throw new Fault("CONFIG_INVALID", `${path}: ${where} ${issue?.message ?? "is wrong"}`);
}

type Part = readonly [field: string, load: () => unknown];

/** Everything a configuration names, by its field: each is read alone, so that one that is wrong hides no other. */
export function partsOf(
  config: z.infer<typeof gatewayShape>,
  { dir, clock }: { readonly dir: string; readonly clock: Clock },
): readonly Part[] {
  const { agency, keys, anchors, register, drop } = config;
  const at = (path: string): string =>
    isAbsolute(path) || isTokenPlace(path) ? path : join(dir, path);
  return [
    ["keys.signing", () => loadSigner(agency, keys.signing, at)],
    ["keys.link", () => loadLink(keys.link, at)],
    ...keys.sealing.map((one, n): Part => [`keys.sealing.${n}`, () => loadSealing(one, at)]),
    ...(keys.moreSigning ?? []).map((one, n): Part => [`keys.moreSigning.${n}`, () => loadSigner(agency, one, at)]),
    ...(keys.extra ?? []).map((one, n): Part => [`keys.extra.${n}`, () => loadExtraSigner(agency, at(one))]),
    ["anchors", () => loadRoot(at(anchors))],
    ["register", () => (register === undefined ? undefined : readBytes(at(register)))],
    ["api", () => loadEdge(config, at)],
    ["store", () => parseVaultConfig(config.store)],
    ["webhooks", () => loadWebhooks(config.webhooks, { at, clock })],
    ["backup", () => loadBackupChoice(config.backup, { dir, at })],
    ["drop.dir", () => (drop === undefined || !existsSync(at(drop.dir)) ? undefined : readdirSync(at(drop.dir)))],
    ["translation", () => makeTranslation(config.translation, { at, clock })],
    ["keys", () => loadRenewed(join(dir, "keys"), agency)],
  ];
} // prettier-ignore

/**
 * Reads a gateway's folder: `gateway.json`, strict in every field, and the files it names, relative to the
 * folder. Every key fits its certificate. A key file that others may read is refused. Without `translation`
 * there the gateway gives no text to any service. Renewed keys are found in `keys`, whatever the configuration names.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE
 */
export function loadGateway(dir: string, clock: Clock = systemClock): LoadedGateway {
  const config = readShape(join(dir, "gateway.json"));
  const { agency, keys, anchors, register, hubs } = config;
  const at = (path: string): string =>
    isAbsolute(path) || isTokenPlace(path) ? path : join(dir, path);
  const link = loadLink(keys.link, at);
  const sealing = keys.sealing.map((one) => loadSealing(one, at));
  const signing = loadSigner(agency, keys.signing, at);
  const others = (keys.moreSigning ?? []).map((one) => loadSigner(agency, one, at));
  const more = (keys.extra ?? []).map((one) => loadExtraSigner(agency, at(one)));
  const { api, people } = loadEdge(config, at);
  return {
    api: { ...api, ownerPurpose: config.api.ownerPurpose },
    people,
    store: parseVaultConfig(config.store),
    webhooks: loadWebhooks(config.webhooks, { at, clock }),
    lookups: config.lookups,
    queries: config.queries,
    statistics: config.statistics,
    attachments: config.attachments,
    traces: config.traces,
    backup: loadBackupChoice(config.backup, { dir, at }),
    drop: config.drop === undefined ? undefined : { ...config.drop, dir: at(config.drop.dir) },
    options: {
      agency,
      dir,
      anchors: { root: loadRoot(at(anchors)) },
      register: register === undefined ? undefined : readBytes(at(register)),
      registerUrls: config.registerUrls,
      signer: signing.signer,
      moreSigners: [...others.map(({ signer }) => signer), ...more],
      sealing: sealing.map(({ key, certificate }) => ({ key, certificate: certificate.der })),
      link,
      renewal: {
        keys: join(dir, "keys"),
        carried: join(dir, "renewal"),
        configured: [signing, ...others, ...sealing, link],
        more,
        renewed: loadRenewed(join(dir, "keys"), agency),
      },
      hubUrls: hubs,
      translation: makeTranslation(config.translation, { at, clock }),
      fourEyes: config.fourEyes,
      tellOpened: config.tellOpened,
      monitor: config.monitor,
      oversight: config.oversight,
      ceiling: config.ceiling,
      canary: config.canary,
    },
  };
}
