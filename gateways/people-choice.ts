import { readFileSync, statSync } from "node:fs";
import { z } from "zod";

import { Fault, toFault } from "../schemas/ground/index.ts";
import type { TlsFiles } from "./api/index.ts";
import { type OidcChoice, type PeopleChoice, roles, usualChoice } from "./people/index.ts";

const file = z.string().min(1).max(400);

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  const isHere = hostname === "localhost";
  return origin === text && (protocol === "https:" || (protocol === "http:" && isHere));
}

/** The part `api` of a gateway's file: where it listens, how it is called, and who may ask. */
export const apiShape = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(0).max(65_535),
  /** How browsers call it from elsewhere; passkeys are bound to this name. */
  origin: z.string().max(300).refine(isOrigin, "is an origin such as https://gateway.tcu.example").optional(),
  tls: z
    .strictObject({
      key: file,
      certificate: file,
      /** Whether machines may show a client certificate; browsers that have one then ask their people about it. */
      clients: z.boolean().optional(),
    })
    .optional(),
  /** Whether the file api-token lets its owner in; off only once there is an administrator. */
  token: z.enum(["on", "off"]).optional(),
  sessions: z
    .strictObject({
      idleMinutes: z.number().int().min(1).max(120).optional(),
      hours: z.number().int().min(1).max(24).optional(),
    })
    .optional(),
}); // prettier-ignore

/** The part `oidc` of a gateway's file: the agency's one identity provider. */
export const oidcShape = z.strictObject({
  /** https, or http on this machine itself. */
  issuer: z.url({ protocol: /^https?$/ }).max(400),
  clientId: z.string().min(1).max(200),
  /** A file with the client's secret alone, readable by its owner only. */
  clientSecretFile: file.optional(),
  roles: z
    .strictObject({
      claim: z.string().min(1).max(100),
      map: z.record(z.string().max(200), z.array(z.enum(roles)).max(roles.length)),
    })
    .optional(),
  stepUpAcr: z.array(z.string().min(1).max(200)).min(1).max(10).optional(),
  provision: z.boolean().optional(),
});

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

function loadText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${path} cannot be read`);
  }
}

/** A secret in a file that its owner alone may read. @throws {Fault} CONFIG_INVALID */
function loadPrivate(path: string): string {
  const text = loadText(path);
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new Fault("CONFIG_INVALID", `others may read ${path}; chmod 600 it`);
  }
  return text;
}

function loadOidc(choice: z.infer<typeof oidcShape>, at: (path: string) => string): OidcChoice {
  const { clientSecretFile, ...rest } = choice;
  const { protocol, hostname } = new URL(rest.issuer);
  const insecure = protocol === "http:";
  if (insecure && !loopback.has(hostname)) {
    throw new Fault("CONFIG_INVALID", "oidc.issuer is https, or http on this machine itself");
  }
  const secret =
    clientSecretFile === undefined ? undefined : loadPrivate(at(clientSecretFile)).trim();
  if (secret === "") throw new Fault("CONFIG_INVALID", `${clientSecretFile} holds no secret`);
  return { ...rest, insecure, clientSecret: secret };
}

/** What the two parts of a gateway's file say, with the files they name read. */
export interface EdgeChoice {
  readonly api: {
    readonly host: string;
    readonly port: number;
    readonly origin?: string;
    readonly tls?: TlsFiles;
    readonly token?: "on" | "off";
  };
  readonly people: PeopleChoice;
}

/**
 * Reads what an operator chose for who may ask.
 *
 * @throws {Fault} CONFIG_INVALID for a file that cannot be read or others may read
 */
export function loadEdge(
  config: { readonly api: z.infer<typeof apiShape>; readonly oidc?: z.infer<typeof oidcShape> | undefined },
  at: (path: string) => string,
): EdgeChoice {
  const { host, port, origin, tls, token, sessions = {} } = config.api;
  const { idleMinutes, hours } = sessions;
  const files = tls === undefined ? undefined : {
    keyPem: loadPrivate(at(tls.key)),
    certificatePem: loadText(at(tls.certificate)),
    clients: tls.clients ?? false,
  };
  return {
    api: {
      host,
      port,
      ...(origin === undefined ? {} : { origin }),
      ...(files === undefined ? {} : { tls: files }),
      ...(token === undefined ? {} : { token }),
    },
    people: {
      origin,
      idleMs: idleMinutes === undefined ? usualChoice.idleMs : idleMinutes * 60_000,
      lifeMs: hours === undefined ? usualChoice.lifeMs : hours * 3_600_000,
      oidc: config.oidc === undefined ? undefined : loadOidc(config.oidc, at),
    },
  };
} // prettier-ignore
