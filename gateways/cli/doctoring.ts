import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { isFault } from "../../schemas/ground/index.ts";
import {
  examine,
  type Finding,
  type GatewayFace,
  makeSystemProbes,
  type Patient,
  sayFinding,
} from "../doctor/index.ts";
import { tokenOf, fetchOf } from "./context-token.ts";
import type { Context } from "./contexts.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";

/** What is examined, and how much of it is told. */
export interface DoctorOptions {
  readonly folder?: string;
  readonly all?: true;
}

const signs = { ok: "  ", warn: "! ", bad: "✗ " } as const;

/** No context is nothing to fail for: a folder alone can be examined. */
function findContext(desk: Desk): Context | undefined {
  try {
    return desk.chosen();
  } catch (error) {
    if (isFault(error, "CONTEXT_UNKNOWN")) return undefined;
    throw error;
  }
}

/** The gateway's folder: the one that was named, or the one in which the token lies. */
export function findFolder(
  desk: Desk,
  { folder }: Pick<DoctorOptions, "folder">,
  context = findContext(desk),
): string | undefined {
  const { world } = desk;
  if (folder !== undefined) return resolve(world.cwd, folder);
  const beside = context?.tokenFile === undefined ? undefined : dirname(context.tokenFile);
  return beside !== undefined && existsSync(join(beside, "gateway.json")) ? beside : undefined;
}

/** A token that cannot be read is none: the gateway says what it thinks of that. */
async function findToken(context: Context, { world }: Desk): Promise<string> {
  try {
    return await tokenOf(context, world);
  } catch (error) {
    if (isFault(error)) return "";
    throw error;
  }
}

function makeFace(desk: Desk, context: Context): GatewayFace {
  const { world, common } = desk;
  const { url } = context;
  return {
    url,
    ask: async (path) => {
      const late = AbortSignal.timeout(common.timeout * 1000);
      try {
        const response = await fetchOf(context, world)(`${url}${path}`, {
          headers: { authorization: `Bearer ${await findToken(context, desk)}` },
          redirect: "error",
          signal: AbortSignal.any([late, world.signal]),
        });
        const body: unknown = await response.json();
        return { status: response.status, body };
      } catch {
        // nobody, or nobody of ours; which of them the doctor finds out by other ways
        return undefined;
      }
    },
  };
}

/** What is examined: the folder that was named or lies where the token does, and the gateway that would be asked. */
export async function examineHere(desk: Desk, options: DoctorOptions): Promise<readonly Finding[]> {
  const context = findContext(desk);
  const dir = findFolder(desk, options, context);
  const patient: Patient = {
    dir,
    face: (url) => {
      if (options.folder === undefined) return context && makeFace(desk, context);
      // a folder says itself where its gateway answers, and holds its token
      const tokenFile = join(dir ?? "", "api-token");
      return url === undefined ? undefined : makeFace(desk, { name: "", url, tokenFile });
    },
  };
  return await examine(patient, makeSystemProbes(desk.world.clock));
}

/** Tells every finding, the worst first, in the language asked for. Ends with 1 when something is bad. */
export async function runDoctor(desk: Desk, options: DoctorOptions): Promise<number> {
  const lang = desk.common.lang ?? "en";
  const found = await examineHere(desk, options);
  const rank = { bad: 0, warn: 1, ok: 2 } as const;
  const told = found.toSorted((a, b) => rank[a.state] - rank[b.state]);
  const findings = told.map((one) => ({ ...one, ...sayFinding(one, lang) }));
  const shown = findings.filter(({ state }) => options.all === true || state !== "ok");
  const lines = shown.map(({ state, code, says, fix }) =>
    [`${signs[state]}${says}  (${code})`, ...(fix === undefined ? [] : [`    → ${fix}`])].join("\n"),
  );
  const wrong = findings.filter(({ state }) => state !== "ok").length;
  const sum = `${findings.length - wrong}/${findings.length} ✓`;
  desk.result({ findings }, [...lines, sum].join("\n"));
  return findings.some(({ state }) => state === "bad") ? exitCodes.other : exitCodes.ok;
} // prettier-ignore
