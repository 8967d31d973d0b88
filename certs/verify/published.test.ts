import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { utf8 } from "../../schemas/ground/index.ts";
import { answerRequest, type NamedAnswer } from "./answer.ts";
import { answerSignature } from "./answer-signature.ts";

// oxlint-disable-next-line node/no-process-env -- where the published data lies is the machine's choice
const { ATUMPAN_DATA: named, ATUMPAN_DATA_REQUIRED: required } = process.env;
const data = named ?? join(import.meta.dirname, "../../../shared/data");
const file = join(data, "wycheproof-json-web-signature.json");

const key = z.looseObject({ alg: z.string().optional() });
const group = z.object({
  public: key.optional(),
  private: key,
  tests: z.array(
    z.object({ tcId: z.number(), comment: z.string(), jws: z.string(), result: z.string() }),
  ),
});
const published = z.object({ testGroups: z.array(group) });

interface Case {
  readonly id: number;
  readonly comment: string;
  readonly isGood: boolean;
  readonly answer: NamedAnswer;
  /** Key and text: two cases with one of these are one question. */
  readonly question: string;
}

/** The key says which algorithm is expected; where it does not, the one that such a key is mostly for. */
function readCases(): readonly Case[] {
  const { testGroups } = published.parse(JSON.parse(readFileSync(file, "utf8")));
  return testGroups.flatMap(({ tests, public: half, private: whole }) => {
    const jwk = half ?? whole;
    const alg = jwk.alg ?? (jwk["kty"] === "RSA" ? "RS256" : "ES256");
    return tests.map(({ tcId: id, comment, jws, result }) => {
      const question = JSON.stringify({ id, jws, jwk, alg });
      const answer = answerRequest(utf8(question), answerSignature);
      return { id, comment, isGood: result === "valid", answer, question: JSON.stringify([jws, jwk]) };
    });
  });
} // prettier-ignore

/** Good by their publishers, and refused here, with the reason. */
const listed: Readonly<Record<string, string>> = {
  "Figure20 SIGNATURE_ALGORITHM_NOT_PERMITTED":
    "the key says PS256 and the header PS384; one of them is not what the caller expects",
  "Figure27 SIGNATURE_ALGORITHM_NOT_PERMITTED": "the key says ES521, which is no algorithm",
  "InvalidCharacterInsertedInHeader BYTES_NOT_CANONICAL":
    "a sign that is not of base64url stands in the text; we pass over none",
  "InvalidCharacterInsertedInPayload BYTES_NOT_CANONICAL": "as in the header",
};

function accepted(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ answer }) => answer.ok);
}

describe.skipIf(required === undefined && named === undefined && !existsSync(file))(
  "published signatures",
  () => {
    const cases = existsSync(file) ? readCases() : [];
    // the collection calls one text under one key both good and bad: no answer can be right for both
    const good = new Set(cases.filter(({ isGood }) => isGood).map(({ question }) => question));
    const saidBothWays = cases.filter(({ isGood, question }) => !isGood && good.has(question));

    it("that are bad are refused, every one", () => {
      const bad = cases.filter((one) => !one.isGood && !saidBothWays.includes(one));
      expect(bad.length).toBeGreaterThan(300);
      expect(accepted(bad).map(({ id, comment }) => [id, comment])).toEqual([]);
      expect(saidBothWays.length).toBeLessThanOrEqual(2);
    });

    it("that are good hold, but for those that are listed with a reason", () => {
      const refused = cases.filter(({ isGood, answer }) => isGood && !answer.ok);
      const reasons = refused.map(({ comment, answer }) => `${comment} ${answer.code}`);
      expect(reasons.filter((reason) => listed[reason] === undefined)).toEqual([]);
      expect(accepted(cases.filter(({ isGood }) => isGood)).length).toBeGreaterThanOrEqual(40);
    });
  },
);
