import { join } from "node:path";

import { type Clock, isFault, type Log } from "../schemas/ground/index.ts";
import { loadRenewed } from "../certs/renewal/index.ts";
import { parseCertificate, parsePem } from "../certs/shape/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { firstRegister } from "./first-register.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import type { Gateway } from "./gateway.ts";
import { fetchRegister, type HeldRegister, makeSource, saveRegister } from "./link/index.ts";
import { findSuspension, type OwnCertificate, type Standing } from "./vault/index.ts";

type Options = Omit<GatewayOptions, "clock" | "chance" | "log">;

/** What is known of the register while the gateway itself may not run. */
export interface StandingDesk {
  /** The register in force; while the gateway does not run the newest that was at hand. */
  register(): RegisterView;
  /** What the last running gateway judged by. */
  keep(view: RegisterView): void;
  /** What the register says of us; looks into the folder and at `registerUrls` first when `isAnew`. */
  standing(isAnew: boolean): Promise<Standing>;
}

/** So long an answer about one register counts: suspensions are dated, and lists too. */
const countsMs = 30_000;

function ownCertificates({ agency, link, renewal }: Options): readonly OwnCertificate[] {
  const [der] = parsePem("CERTIFICATE", link.certificatePem);
  const shown =
    der === undefined ? [] : [{ kind: "LINK", certificate: parseCertificate(der) } as const];
  if (renewal === undefined) return shown;
  const { pairs } = loadRenewed(renewal.keys, agency);
  return [...renewal.configured, ...pairs].flatMap((one) =>
    one.kind === "LINK" || one.kind === "SIGNING" ? [one] : [],
  );
}

/** The newest register of the folder and of the places where others may lie; who cannot be asked is passed over. */
async function lookAnew(options: Options, log: Log): Promise<HeldRegister> {
  const { anchors, dir, registerUrls = [] } = options;
  let held = firstRegister(options);
  for (const url of registerUrls) {
    try {
      const next = await fetchRegister(makeSource(url), anchors, held);
      if (next === undefined) continue;
      saveRegister(join(dir, "register.bin"), next.bytes);
      held = next;
    } catch (error) {
      if (!isFault(error)) throw error;
      log.warn("no newer register", { code: error.code });
    }
  }
  return held;
}

/** Builds the desk that judges whether a gateway may go on, by the register in force. */
export function makeStandingDesk(
  options: Options,
  {
    clock,
    log,
    running,
  }: { readonly clock: Clock; readonly log: Log; readonly running: () => Gateway | undefined },
): StandingDesk {
  let held: RegisterView | undefined;
  let last: { readonly key: string; readonly at: number; readonly said: Standing } | undefined;
  const register = (): RegisterView =>
    running()?.register() ?? (held ??= firstRegister(options).view);
  const judge = (view: RegisterView): Standing => {
    const { agency } = options;
    const certificates = ownCertificates(options);
    const suspension = findSuspension(view, { agency, certificates }, clock.now());
    return { epoch: view.epoch, suspension };
  };
  return {
    register,
    keep: (view) => {
      held = view;
    },
    standing: async (isAnew) => {
      // a register that was laid into the folder counts whenever somebody wants to open the store
      if (running() === undefined)
        held = isAnew ? (await lookAnew(options, log)).view : firstRegister(options).view;
      const view = register();
      const at = clock.elapsed();
      if (last?.key === view.key && at - last.at < countsMs) return last.said;
      last = { key: view.key, at, said: judge(view) };
      return last.said;
    },
  };
}
