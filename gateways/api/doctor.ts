import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type GatewayFace, sayFinding } from "../doctor/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { getMessages } from "./lists.ts";
import { chooseLanguage } from "./negotiate.ts";
import { getStatus } from "./system.ts";

/** What was found, said in one language. */
export const doctorShape = z.strictObject({
  at: z.iso.datetime().meta({ description: "when it was looked; kept for ten seconds" }),
  items: z.array(
    z.strictObject({
      check: z.string().meta({ description: "what was looked at, such as clock, link or disk" }),
      state: z.enum(["ok", "warn", "bad"]),
      code: z.string(),
      says: z.string(),
      fix: z.string().optional().meta({ description: "what to do; of what is well nothing" }),
    }),
  ),
});

async function ask(answer: Response | Promise<Response>): ReturnType<GatewayFace["ask"]> {
  const response = await answer;
  return { status: response.status, body: await response.json() };
}

/** This gateway, asked by itself: what an administrator may see, and how many deadlines passed without which. */
function makeFace(desk: Desk, call: Call): GatewayFace {
  const breaches = (): Response => {
    const items = desk.services?.work?.breaches({ open: true, of: undefined }) ?? [];
    return renderAnswer({ items: items.map(({ escalatedAt }) => ({ escalatedAt })) });
  };
  return {
    url: desk.exchange.agency,
    ask: async (path) => {
      const url = new URL(path, call.url);
      if (url.pathname === "/v1/status") return await ask(getStatus(desk, call));
      if (url.pathname === "/v1/messages") return await ask(getMessages(desk, { ...call, url }));
      return url.pathname === "/v1/breaches" ? await ask(breaches()) : undefined;
    },
  };
}

/** What keeps this gateway from its work and what to do, in the caller's language. @throws {Fault} NOT_FOUND where there is no doctor */
export async function getDoctor(desk: Desk, call: Call): Promise<Response> {
  const doctor = desk.services?.doctor;
  if (doctor === undefined) throw new Fault("NOT_FOUND", "this gateway has no doctor");
  const { at, findings } = await doctor.examine(makeFace(desk, call));
  const lang = chooseLanguage(call.request.headers);
  const items = findings.map((one) => {
    const { check, state, code } = one;
    return { check, state, code, ...sayFinding(one, lang) };
  });
  return renderAnswer({ at: renderInstant(at), items });
}
