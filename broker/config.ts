import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { z } from "zod";

import {
  type Bytes,
  type Chance,
  type Clock,
  Fault,
  type Log,
  toFault,
  type TriedShape,
  tryShape,
} from "../schemas/ground/index.ts";
import { limits } from "../schemas/index.ts";
import { isTokenPlace } from "../certs/keys/index.ts";
import { loadRenewed } from "../certs/renewal/index.ts";
import { checkTrustedRoot } from "../certs/trust/index.ts";
import {
  type ConfigFlaw,
  type ConfigPart,
  flawsOf,
  flawsOfParts,
  refuseFlaws,
} from "./config-flaws.ts";
import { type BrokerOptions, type ClusterOptions, hubFolderOf, type ServerOptions, type StandbyOptions } from "./options.ts"; // prettier-ignore
import { loadExtraSigner, loadLinkPair, loadServerPair, loadSigningPair } from "./own-pairs.ts";
import { loadDutyKey } from "./stop/index.ts";
import { clusterConfig, placeCluster, placeServer, serverConfig } from "./server-config.ts";

const port = z.int().min(1).max(65_535);
const path = z.string().min(1);
const pair = z.strictObject({ certificateFile: path, keyFile: path });
const address = z.string().regex(/^tls:\/\/[^/\s]{1,255}:\d{1,5}$/);

/** The configuration file of a broker, JSON. Unknown keys refuse. Paths are relative to the file; secrets are paths. */
const fileShape = z.strictObject({
  hub: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  dir: path,
  /** Where the one server is reached; of several each has its own. */
  url: address.optional(),
  /** Where the broker itself reaches its one server, when that is not at `url`: from within, gateways' way in may be closed. */
  dial: address.optional(),
  registerFile: path,
  /** A root of the register (root.json), brought by a way of its own. */
  rootFile: path,
  signing: pair,
  /** Keys of other algorithms, and keys that no certificate can hold: what signs is what the register asks for. */
  moreSigning: z.array(pair).max(4).optional(),
  extraKeys: z.array(path).max(4).optional(),
  link: pair,
  /** The hub's one server; or three, or five. */
  server: serverConfig.optional(),
  cluster: clusterConfig.optional(),
  /** Chunks of files: bytes an agency may put a day on average, and bytes of all; the usual when left out. */
  blobs: z
    .strictObject({
      bytesPerAgencyDay: z.int().min(limits.maxBlobBytes).optional(),
      maxBytes: z.int().min(limits.maxBlobBytes).optional(),
    })
    .optional(),
  /** Witnesses of the hub's log that listen somewhere; who comes by himself needs no line. */
  witnesses: z
    .array(z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(500) }))
    .max(32)
    .optional(),
  /** Shows numbers and health (`/metrics`, `/livez`, `/readyz`): to this machine alone unless a host is named. */
  metrics: z.strictObject({ host: z.string().min(1).max(255).optional(), port }).optional(),
  /**
   * Where the hub has several brokers, of which one works at a time: what people know this one by, and the folder that all share,
   * `dir` when left out. Each has a `dir` of its own.
   */
  standby: z
    .strictObject({ name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), folder: path.optional() })
    .optional(),
  /** Public keys of the officers who may stop the hub; whoever may write into `dir` where none is named. */
  duty: z.array(path).min(1).max(16).optional(),
  log: z
    .strictObject({
      level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
      file: path.optional(),
      /** Serves the transparency log: over TLS where a host is named, else to this machine alone. */
      serve: z.strictObject({ host: z.string().min(1).max(255).optional(), port }).optional(),
    })
    .default({ level: "info" }),
});

type FileShape = z.infer<typeof fileShape>;

const serversSaid = "name the hub's one `server` and its `url`, or its servers under `cluster`";

/** The configuration file of a broker, with what may not stand beside each other in it. */
export const brokerConfig = fileShape.superRefine(({ url, dial, server, cluster }, context) => {
  const refuse = (field: string): void =>
    context.addIssue({ code: "custom", path: [field], message: serversSaid });
  if (cluster === undefined && server === undefined) refuse("server");
  if (cluster === undefined && url === undefined) refuse("url");
  if (cluster !== undefined && server !== undefined) refuse("server");
  if (cluster !== undefined && url !== undefined) refuse("url");
  if (cluster !== undefined && dial !== undefined) refuse("dial");
});

/** A broker's configuration as it was read; paths are absolute. Of several servers the first stands as `server` too. */
export type BrokerConfig = Readonly<
  Omit<FileShape, "url" | "server" | "cluster" | "standby"> & {
    readonly standby: StandbyOptions | undefined;
    readonly url: string;
    readonly server: ServerOptions;
    readonly cluster: ClusterOptions | undefined;
  }
>;

type Servers = Pick<BrokerConfig, "url" | "server" | "cluster">;

function serversOf({ url, server, cluster }: FileShape, at: (file: string) => string): Servers {
  const placed = cluster === undefined ? undefined : placeCluster(cluster, at);
  const [first] = placed?.servers ?? [];
  if (first !== undefined) return { url: first.url, server: first, cluster: placed };
  if (server === undefined || url === undefined) throw new Fault("CONFIG_INVALID", serversSaid);
  return { url, server: placeServer(server, at), cluster: undefined };
}

function absolute(config: FileShape, base: string): BrokerConfig {
  const at = (file: string): string => (isTokenPlace(file) ? file : resolve(base, file));
  const { signing, link, log, standby } = config;
  const folder = standby?.folder ?? config.dir;
  return {
    ...config,
    ...serversOf(config, at),
    dir: at(config.dir),
    standby: standby && { name: standby.name, folder: at(folder) },
    registerFile: at(config.registerFile),
    rootFile: at(config.rootFile),
    signing: { certificateFile: at(signing.certificateFile), keyFile: at(signing.keyFile) },
    moreSigning: config.moreSigning?.map(({ certificateFile, keyFile }) => ({
      certificateFile: at(certificateFile),
      keyFile: at(keyFile),
    })),
    extraKeys: config.extraKeys?.map(at),
    duty: config.duty?.map(at),
    link: { certificateFile: at(link.certificateFile), keyFile: at(link.keyFile) },
    log: log.file === undefined ? log : { ...log, file: at(log.file) },
  };
}

function examine(text: string): TriedShape<FileShape> {
  try {
    return tryShape(brokerConfig, JSON.parse(text));
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", "the configuration is not JSON of our kind", { cause });
  }
}

/**
 * Reads a broker's configuration. Everything that is wrong is told at once, each with its way out: fields, and then also the
 * files that the right ones name.
 *
 * @param base the folder that relative paths start from
 * @throws {Fault} CONFIG_INVALID
 */
export function parseBrokerConfig(text: string, base: string): BrokerConfig {
  const parsed = examine(text);
  if (parsed.success) return absolute(parsed.data, base);
  const { issues } = parsed.error;
  refuseFlaws([...flawsOf(issues), ...flawsBeside(text, base, issues)]);
  throw new Fault("CONFIG_INVALID", "the configuration is not of our kind");
}

/** So that what is right can be looked at while something beside it is wrong. */
const standIns: Readonly<Record<string, unknown>> = {
  hub: "au/hub",
  url: "tls://localhost:4222",
  dir: "dir",
  registerFile: "register",
  rootFile: "root",
  signing: { certificateFile: "pair", keyFile: "pair" },
  link: { certificateFile: "pair", keyFile: "pair" },
};

/** What is wrong with the files that the right fields name. */
function flawsBeside(text: string, base: string, issues: readonly z.core.$ZodIssue[]): readonly ConfigFlaw[] {
  const wrong = new Set(
    issues.flatMap((one) => (one.code === "unrecognized_keys" && one.path.length === 0 ? one.keys : [String(one.path[0])])),
  );
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null) return [];
  const right = Object.entries(json).filter(([name]) => !wrong.has(name));
  const stood = Object.entries(standIns).filter(([name]) => wrong.has(name));
  const read = tryShape(brokerConfig, Object.fromEntries([...right, ...stood]));
  if (!read.success) return [];
  const parts = partsOf(absolute(read.data, base));
  return flawsOfParts(parts.filter(([at]) => !wrong.has(at.split("/")[1] ?? "")));
} // prettier-ignore

/** Every file that a configuration names and that is read at the start. */
function partsOf(config: BrokerConfig): readonly ConfigPart[] {
  const { hub, signing, moreSigning = [], extraKeys = [], link, server, duty = [], rootFile } = config;
  return [
    ["/signing", () => loadSigningPair(hub, signing)],
    ...moreSigning.map((one, n): ConfigPart => [`/moreSigning/${n}`, () => loadSigningPair(hub, one)]),
    ...extraKeys.map((one, n): ConfigPart => [`/extraKeys/${n}`, () => loadExtraSigner(hub, one)]),
    ["/link", () => loadLinkPair(link)],
    ["/server", () => loadServerPair(server)],
    ["/rootFile", () => loadRoot(rootFile)],
    ...duty.map((one, n): ConfigPart => [`/duty/${n}`, () => loadDutyKey(one)]),
  ];
} // prettier-ignore

/** Reads a broker's configuration from its file. @throws {Fault} CONFIG_INVALID */
export function loadBrokerConfig(file: string): BrokerConfig {
  try {
    return parseBrokerConfig(readFileSync(file, "utf8"), dirname(resolve(file)));
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "the configuration file cannot be read");
  }
}

function loadRoot(file: string): Bytes {
  const root = readFileSync(file);
  try {
    checkTrustedRoot(root);
    return root;
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", "rootFile is not a root of a register", { cause });
  }
}

type OwnOptions = Pick<BrokerOptions, "signer" | "moreSigners" | "link" | "renewal">;

function loadOwn(config: BrokerConfig): OwnOptions {
  const { hub } = config;
  const folder = hubFolderOf(config);
  const signing = loadSigningPair(hub, config.signing);
  const others = (config.moreSigning ?? []).map((one) => loadSigningPair(hub, one));
  const more = (config.extraKeys ?? []).map((keyFile) => loadExtraSigner(hub, keyFile));
  const link = loadLinkPair(config.link);
  const keys = join(folder, "keys");
  return {
    signer: signing.signer,
    moreSigners: [...others.map(({ signer }) => signer), ...more],
    link,
    renewal: {
      keys,
      carried: join(folder, "renewal"),
      configured: [signing, ...others, link, loadServerPair(config.server)],
      more,
      renewed: loadRenewed(keys, hub),
    },
  };
}

/**
 * What a broker is started with, by its configuration: keys and certificates are read from their files. Renewed keys are
 * found in `keys` in its folder, whatever the configuration names. Every file that is wrong is told at once.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE, CERT_MALFORMED
 */
export function loadBrokerOptions(
  config: BrokerConfig,
  ground: { readonly clock: Clock; readonly chance: Chance; readonly log: Log },
): BrokerOptions {
  const { hub, dir, standby, url, dial, registerFile, server, cluster, blobs } = config;
  const { witnesses, metrics } = config;
  refuseFlaws(flawsOfParts(partsOf(config)));
  try {
    return {
      ...ground,
      hub,
      dir,
      standby,
      url,
      dial,
      registerFile,
      server,
      cluster,
      blobs,
      witnesses,
      metrics,
      logService: config.log.serve,
      duty: config.duty?.map(loadDutyKey),
      anchors: { root: loadRoot(config.rootFile) },
      ...loadOwn(config),
    };
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "a file that the configuration names cannot be used");
  }
}
