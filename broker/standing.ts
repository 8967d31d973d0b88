import type { EpochMs } from "../schemas/ground/index.ts";
import { isInForce, type RegisterView } from "../certs/trust/index.ts";

type Dated = { readonly from: EpochMs; readonly until?: EpochMs | undefined };

function flags(lines: readonly Dated[], at: EpochMs): string {
  return lines.map((line) => (isInForce(line, at) ? "1" : "0")).join("");
}

/**
 * Which of the register's dated lines count at `at`. While this text is the same, every decision is; when
 * it changes, what readers may read has to be worked out anew.
 */
export function standingOf(register: RegisterView, at: EpochMs): string {
  const authorities = [...register.numbers.keys()];
  const scopes = [...register.recs, "direct"];
  const memberships = register.recs.flatMap((rec) =>
    authorities.map((authority) => register.membership(rec, authority, at).charAt(0)),
  );
  const mandates = register.agencies.flatMap(({ agency }) =>
    scopes.flatMap((scope) => [
      flags(register.mandates(agency, "PUBLISH", scope), at),
      flags(register.mandates(agency, "READ", scope), at),
      flags(register.nominations(agency, "PUBLISH", scope), at),
      flags(register.nominations(agency, "READ", scope), at),
    ]),
  );
  const words = authorities.flatMap((name) => {
    const { release = [], givenAssurances = [] } = register.authority(name) ?? {};
    return [release, givenAssurances, register.agreements(name)].map((lines) => flags(lines, at));
  });
  const agencies = register.agencies.map(({ suspendedFrom }) =>
    suspendedFrom !== undefined && suspendedFrom <= at ? "1" : "0",
  );
  const keys = flags(register.mailboxKeys, at);
  return [...memberships, ...mandates, ...words, ...agencies, keys].join(" ");
}

/**
 * When the standing that holds at `at` ends, to the millisecond; undefined when it is still the same `withinMs`
 * later.
 */
export function nextChange(
  register: RegisterView,
  at: EpochMs,
  withinMs: number,
): EpochMs | undefined {
  const standing = standingOf(register, at);
  let same = at;
  let other = at + withinMs;
  if (standingOf(register, other) === standing) return undefined;
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (standingOf(register, middle) === standing) same = middle;
    else other = middle;
  }
  return other;
}
