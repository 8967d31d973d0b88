import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { encodeRegisterQuestion, limits, outRegisterSubject } from "../../schemas/index.ts";
import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import type { Needed } from "../../certs/trust/index.ts";
import type { HubConnection } from "./connect.ts";

/** Where a register's files can be had. Nothing that comes from one is believed. */
export interface RegisterSource {
  /**
   * A file, or undefined when the source has none of that name.
   *
   * @throws {Fault} HUB_UNREACHABLE when it does not answer, REGISTER_INVALID when there is more of it than there may be
   */
  ask(needed: Needed): Promise<Bytes | undefined>;
}

const timeoutMs = 10_000;
/** A whole file over a thin line. */
const webTimeoutMs = 120_000;

function tooLarge({ path, maxBytes }: Needed): Fault {
  return new Fault("REGISTER_INVALID", `${path} is larger than ${maxBytes} bytes`);
}

/** What came of one file before the line was cut; its name and digest are the metadata's, so it is the same file later. */
interface Begun {
  readonly name: string;
  readonly pieces: Bytes[];
}

const begun = new WeakMap<HubConnection, Begun>();

/** Where a file is gone on with. One that no proved metadata names may have changed, and is begun anew. */
function beginFile(connection: HubConnection, { path, meta }: Needed): Begun {
  const name = meta === undefined ? "" : JSON.stringify([path, meta]);
  const held = begun.get(connection);
  if (name !== "" && held?.name === name) return held;
  const fresh = { name, pieces: [] };
  begun.set(connection, fresh);
  return fresh;
}

/** A hub, asked piece by piece: a cut line costs one piece, not a file. */
export function makeHubSource(connection: HubConnection): RegisterSource {
  return {
    ask: async (needed) => {
      const { path, meta, maxBytes } = needed;
      const { pieces } = beginFile(connection, needed);
      const had = pieces.reduce((sum, { length }) => sum + length, 0);
      for (let offset = had; offset <= (meta?.length ?? maxBytes);) {
        const question = encodeRegisterQuestion({ path, offset });
        const piece = await connection.request(outRegisterSubject("file"), question, timeoutMs);
        pieces.push(piece);
        offset += piece.length;
        if (offset > maxBytes) {
          begun.delete(connection);
          throw tooLarge(needed);
        }
        if (offset === meta?.length || piece.length < limits.registerPieceBytes) break;
      }
      begun.delete(connection);
      const whole = Buffer.concat(pieces);
      return whole.length === 0 ? undefined : whole;
    },
  };
}

/** A folder laid out as a repository: a disk that was carried here. */
export function makeFolderSource(folder: string): RegisterSource {
  return {
    ask: async (needed) => {
      const place = join(folder, needed.path);
      try {
        if (!existsSync(place)) return await Promise.resolve(undefined);
        if (statSync(place).size > needed.maxBytes) throw tooLarge(needed);
        return readFileSync(place);
      } catch (error) {
        throw toFault(error, "HUB_UNREACHABLE", "the register's folder cannot be read");
      }
    },
  };
}

async function readBody(body: AsyncIterable<Bytes>, needed: Needed): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > needed.maxBytes) throw tooLarge(needed);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function getFile(url: URL, needed: Needed): Promise<Bytes | undefined> {
  const signal = AbortSignal.timeout(webTimeoutMs);
  const response = await fetch(url, { redirect: "error", credentials: "omit", signal });
  // a server that lists nothing says 403 of what is not there
  if (response.status === 404 || response.status === 403) return undefined;
  if (!response.ok || response.body === null) {
    throw new Fault("HUB_UNREACHABLE", `the register's address answered ${response.status}`);
  }
  return await readBody(response.body, needed);
}

/** A web server that serves a repository as plain files; with TLS or without it, for nothing is believed. */
export function makeWebSource(address: string): RegisterSource {
  const base = address.endsWith("/") ? address : `${address}/`;
  return {
    ask: async (needed) => {
      try {
        return await getFile(new URL(needed.path, base), needed);
      } catch (error) {
        throw toFault(error, "HUB_UNREACHABLE", "the register's address did not answer");
      }
    },
  };
}

/** The source at an address: `https://…`, `http://…`, or a folder as `file:///…`. */
export function makeSource(address: string): RegisterSource {
  if (!address.startsWith("file:")) return makeWebSource(address);
  try {
    return makeFolderSource(fileURLToPath(address));
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", "an address of the register is not a folder here", { cause });
  }
}
