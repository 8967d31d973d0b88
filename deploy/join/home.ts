import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

import { loadKey, makeKeyPair, makeRequest, publicHalf, saveKey } from "../../certs/keys/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import { replaceFile, syncFolder } from "../../schemas/disk/index.ts";
import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  isFault,
  renderHex,
  sha256,
  toFault,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import { joinKinds, type JoinKind, renderLetter } from "./letters.ts";
import type { FoundKit, ProvedKit } from "./open-kit.ts";

/** How far a gateway's folder has come: its request was made, or the answer is in it. */
export interface JoinState {
  readonly kit: string;
  readonly agency: string;
  /** SHA-256 of the kit's manifest, hexadecimal. */
  readonly manifest: string;
  /** Proves the answer; gone once that is in. Hexadecimal. */
  readonly key?: string | undefined;
}

const shape = z.strictObject({
  kit: z.uuid(),
  agency: z.string().max(50),
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
  key: z.string().regex(/^[0-9a-f]{64}$/).optional(),
}); // prettier-ignore
const maxStateBytes = 4096;
const privateMode = 0o600;
const stateFile = "join.json";
/** What is carried to the office. */
export const requestFile = "join-request.json";

function renderJson(value: unknown): Bytes {
  return utf8(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** What an earlier step left in a folder; undefined when none was done there. @throws {Fault} CONFIG_INVALID */
export function readJoinState(home: string): JoinState | undefined {
  const file = join(home, stateFile);
  if (!existsSync(file)) return undefined;
  try {
    const read = tryShape(shape, parseJsonText(readFileSync(file, "utf8"), maxStateBytes));
    if (read.success) return read.data;
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${file} cannot be read`);
  }
  throw new Fault("CONFIG_INVALID", `${file} is not ours`);
}

/**
 * Checks that a folder may become a gateway's: it is not there, or empty.
 *
 * @throws {Fault} KIT_USED when a kit was used there, USAGE_INVALID when something else lies there
 */
export function checkNewHome(home: string): void {
  if (!existsSync(home) || readdirSync(home).length === 0) return;
  if (readJoinState(home) === undefined) {
    throw new Fault("USAGE_INVALID", `${home} is not empty; name a new folder with --into`);
  }
  throw new Fault("KIT_USED", `${home} was made with a kit; what comes next is its answer, with --answer`); // prettier-ignore
}

const configShape = z.looseObject({
  agency: z.string(),
  api: z.looseObject({ host: z.string().max(200), port: z.int().min(1).max(65_535) }),
});

/** The kit's configuration, with the port that was chosen here. @throws {Fault} KIT_INVALID */
function makeConfig({ kit, files }: FoundKit, port: number | undefined): z.infer<typeof configShape> {
  try {
    const text = Buffer.from(files["gateway.json"]).toString("utf8");
    const read = tryShape(configShape, parseJsonText(text, text.length));
    if (read.success && read.data.agency === kit.agency) {
      const { api } = read.data;
      return { ...read.data, api: { ...api, port: port ?? api.port } };
    }
  } catch (cause) {
    if (!isFault(cause)) throw cause;
    throw new Fault("KIT_INVALID", "its gateway.json is no JSON", { cause });
  }
  throw new Fault("KIT_INVALID", "its gateway.json is not this agency's");
} // prettier-ignore

/** Makes the three keys in a folder that is not in its place yet, and asks for their certificates. */
async function makeKeys(folder: string, agency: string): Promise<Record<JoinKind, Bytes>> {
  const made: Record<JoinKind, Bytes> = { LINK: utf8(""), SIGNING: utf8(""), SEALING: utf8("") };
  mkdirSync(join(folder, "keys"), { mode: 0o700 });
  for (const kind of joinKinds) {
    const key = makeKeyPair("P-256");
    saveKey(join(folder, "keys", `${kind.toLowerCase()}.key`), key);
    made[kind] = await makeRequest(agency, key);
  }
  return made;
}

async function fill(folder: string, found: ProvedKit, port: number | undefined): Promise<void> {
  const { kit, files, keys, manifest } = found;
  const { id, agency } = kit;
  const config = makeConfig(found, port);
  const { host, port: own } = config.api;
  const put = (name: string, bytes: Bytes): void => writeFileSync(join(folder, name), bytes, { mode: privateMode, flush: true });
  const requests = await makeKeys(folder, agency);
  const { LINK, SIGNING, SEALING } = requests;
  const letter = { kit: id, agency, parts: { LINK: [LINK], SIGNING: [SIGNING], SEALING: [SEALING] } };
  put("gateway.json", renderJson(config));
  for (const name of ["root.json", "register.bin", "hub-ca.pem", "drill.json"] as const) put(name, files[name]);
  put(requestFile, renderLetter("request", letter, keys.answering));
  const state = { kit: id, agency, manifest: renderHex(sha256(manifest)), key: renderHex(keys.answering) };
  put(stateFile, renderJson(state));
  mkdirSync(join(folder, ".atumpan"), { mode: 0o700 });
  const context = { url: `http://${host}:${own}`, tokenFile: "api-token" };
  put(join(".atumpan", "contexts.json"), renderJson({ selected: agency, contexts: { [agency]: context } }));
} // prettier-ignore

/**
 * Makes a gateway's folder out of a proved kit: its keys, made here, and the request for their certificates. The folder is in its
 * place when all of it is, or nothing is.
 *
 * @throws {Fault} KIT_INVALID, STORE_WRITE_FAILED, KEY_UNUSABLE
 */
export async function makeHome(home: string, found: ProvedKit, port?: number): Promise<void> {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(`${home}.joining-`);
    await fill(folder, found, port);
    syncFolder(folder);
    renameSync(folder, home);
    syncFolder(dirname(home));
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    throw toFault(error, "STORE_WRITE_FAILED", `${home} could not be made`);
  }
}

/** The public key of each kind that was made in a folder. @throws {Fault} KEY_UNUSABLE */
export function readPublicKeys(home: string): Readonly<Record<JoinKind, Bytes>> {
  const of = (kind: JoinKind): Bytes => publicHalf(loadKey(join(home, "keys", `${kind.toLowerCase()}.key`))).spki; // prettier-ignore
  return { LINK: of("LINK"), SIGNING: of("SIGNING"), SEALING: of("SEALING") };
}

/** Puts in the certificates and the register that names them; the key that proved the answer goes last. @throws {Fault} STORE_WRITE_FAILED */
export function installAnswer(
  home: string,
  chains: Readonly<Record<JoinKind, readonly Bytes[]>>,
  { register, state }: { readonly register: Bytes; readonly state: JoinState },
): void {
  try {
    for (const kind of joinKinds) {
      const file = join(home, "keys", `${kind.toLowerCase()}.pem`);
      replaceFile(file, utf8(renderPem("CERTIFICATE", ...chains[kind])));
    }
    replaceFile(join(home, "register.bin"), register);
    const { key: _, ...rest } = state;
    replaceFile(join(home, stateFile), renderJson(rest), { mode: privateMode });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${home} could not be written`);
  }
}
