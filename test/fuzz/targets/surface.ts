import { generateKeyPairSync } from "node:crypto";

import { parseLang } from "../../../gateways/api/negotiate.ts";
import { parsePlace } from "../../../gateways/cli/watching.ts";
import { readProblem } from "../../../gateways/client/problem-error.ts";
import { parseRecoveryRecipient } from "../../../gateways/crypto/backup-key.ts";
import { parseRanges } from "../../../gateways/people/addresses.ts";
import { encodeBlobAnswer, languages, parseBlobAnswer } from "../../../schemas/index.ts";
import { hold } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const recovery = publicKey.export({ format: "pem", type: "spki" }).toString();

/** What people, clients and hubs hand to the surface of a gateway in small pieces. */
export const surfaceTargets: readonly Target[] = [
  {
    ...textTarget("gateways/parseLang", ["en", "ar"], (text) => {
      hold(languages.includes(parseLang(text)), "a language that is none of ours");
    }),
    codes: ["REQUEST_INVALID"],
  },
  {
    ...textTarget("gateways/parseRanges", ["10.1.0.0/16", "::1/128 192.0.2.7"], (text) => {
      parseRanges(text.split(" "));
    }),
    codes: ["REQUEST_INVALID"],
  },
  {
    ...textTarget("gateways/parseRecoveryRecipient", [recovery], (text) => {
      const { key, fingerprint } = parseRecoveryRecipient(text);
      hold(key.type === "public" && fingerprint.length === 64, "a private key was taken");
    }),
    codes: ["KEY_UNUSABLE"],
  },
  textTarget("gateways/parsePlace", ["id: abc\ndata: {}", "event: message"], (text) => {
    hold((parsePlace(text) ?? "").length <= 4_096, "a place has no bound");
  }),
  jsonTarget("client/readProblem", [{ code: "NOT_FOUND", title: "x", status: 404 }], async (text) => {
    const { message, code } = await readProblem(new Response(text, { status: 404 }));
    hold(typeof message === "string" && typeof code === "string", "a problem says nothing");
  }),
  {
    name: "schemas/parseBlobAnswer",
    shape: "proto",
    codes: ["HUB_", "BLOB_", "QUOTA_EXCEEDED", "CODEC_TOO_LARGE", "REQUEST_INVALID", "AGENCY_UNKNOWN", "MANDATE_SUSPENDED"],
    seeds: [encodeBlobAnswer({})],
    run: (input) => {
      hold(parseBlobAnswer(input).refused === undefined, "a refusal was taken for an answer");
    },
  },
]; // prettier-ignore
