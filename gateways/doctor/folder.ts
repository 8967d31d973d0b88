import { isAbsolute, join } from "node:path";
import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { isFault, tryShape } from "../../schemas/ground/index.ts";
import { isTokenPlace } from "../../certs/keys/index.ts";
import type { LeafKind } from "../../certs/shape/index.ts";
import { hasStoreKeys } from "../vault/index.ts";
import type { Probes } from "./probes.ts";

const maxConfigBytes = 1024 * 1024;
const place = z.string().min(1).max(400);
const pair = z.looseObject({ key: place, certificate: place });
/** Looser than the gateway's own reading: a doctor also looks at what does not start. */
const shape = z.looseObject({
  agency: z.string().max(50),
  api: z.looseObject({ host: place, port: z.number(), tls: z.looseObject({}).optional() }),
  keys: z.looseObject({
    signing: pair,
    moreSigning: z.array(pair).max(4).default([]),
    extra: z.array(place).max(4).default([]),
    link: pair,
    sealing: z.array(pair).max(8),
  }),
  anchors: place,
  register: place.optional(),
  hubs: z.array(place).max(16).optional(),
});

/** One certificate of ours, by its place. */
export interface OwnFile {
  readonly kind: LeafKind;
  readonly certificate: string;
  /** None of a key in a token. */
  readonly key?: string;
}

/** What lies where in a gateway's folder. All paths are absolute. */
export interface GatewayFolder {
  readonly dir: string;
  readonly agency: string;
  readonly url: string;
  readonly own: readonly OwnFile[];
  /** Files that nobody else may read. */
  readonly secrets: readonly string[];
  readonly anchors: string;
  /** Newest first; the first that is there counts. */
  readonly registers: readonly string[];
  readonly hubs: readonly string[] | undefined;
  readonly isEncrypted: boolean;
}

const renewedName = /^(link|signing|sealing)-[0-9a-f]{16}\.pem$/;
const renewedKinds: Readonly<Record<string, LeafKind>> = {
  link: "LINK",
  signing: "SIGNING",
  sealing: "SEALING",
};

function findRenewed(dir: string, probes: Probes): readonly OwnFile[] {
  const keys = join(dir, "keys");
  return probes.list(keys).flatMap((name) => {
    const kind = renewedKinds[renewedName.exec(name)?.[1] ?? ""];
    if (kind === undefined) return [];
    const certificate = join(keys, name);
    return [{ kind, certificate, key: certificate.replace(/pem$/, "key") }];
  });
}

function ownFiles(
  keys: z.infer<typeof shape>["keys"],
  at: (path: string) => string,
): readonly OwnFile[] {
  const make = (kind: LeafKind, one: z.infer<typeof pair>): OwnFile => ({
    kind,
    certificate: at(one.certificate),
    ...(isTokenPlace(one.key) ? {} : { key: at(one.key) }),
  });
  return [
    make("LINK", keys.link),
    ...[keys.signing, ...keys.moreSigning].map((one) => make("SIGNING", one)),
    ...keys.sealing.map((one) => make("SEALING", one)),
  ];
}

function parseConfig(text: string): z.infer<typeof shape> | undefined {
  try {
    const parsed = tryShape(shape, parseJsonText(text, maxConfigBytes));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function urlOf({ host, port, tls }: z.infer<typeof shape>["api"]): string {
  // what listens everywhere is asked here
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `${tls === undefined ? "http" : "https"}://${name}:${port}`;
}

/** What a gateway's folder says of itself; undefined when its `gateway.json` cannot be read. */
export function readFolder(dir: string, probes: Probes): GatewayFolder | undefined {
  const bytes = probes.read(join(dir, "gateway.json"), maxConfigBytes);
  const config = bytes === undefined ? undefined : parseConfig(Buffer.from(bytes).toString("utf8"));
  if (config === undefined) return undefined;
  const at = (path: string): string => (isAbsolute(path) ? path : join(dir, path));
  const own = [...ownFiles(config.keys, at), ...findRenewed(dir, probes)];
  const extra = config.keys.extra.filter((one) => !isTokenPlace(one)).map(at);
  const registers = [join(dir, "register.bin"), ...(config.register === undefined ? [] : [at(config.register)])];
  return {
    dir,
    agency: config.agency,
    url: urlOf(config.api),
    own,
    secrets: [...own.flatMap(({ key = [] }) => key), ...extra],
    anchors: at(config.anchors),
    registers,
    hubs: config.hubs,
    isEncrypted: hasStoreKeys(dir),
  };
} // prettier-ignore
