import type { Hub, HubLog, LogKey, RegionalPart, Witness } from "../../../schemas/index.ts";
import { utf8 } from "../../../schemas/ground/index.ts";
import { renderFingerprint } from "../ceremony/fingerprint.ts";
import { compare, periodOf } from "./compare.ts";
import { remark, type Remark, type Value } from "./sentences.ts";

type Part = Pick<RegionalPart, "hubs" | "witnessing"> | undefined;

interface Keys {
  readonly before: readonly LogKey[] | undefined;
  readonly after: readonly LogKey[] | undefined;
}

/** Keys that come, go or count at other times; a key is told by the fingerprint of its text. */
function describeKeys(
  key: "LOG_KEY" | "WITNESS_KEY",
  about: Readonly<Record<string, Value>>,
  { before, after }: Keys,
): readonly Remark[] {
  const { added, removed, changed } = compare(before, after, ({ verifierKey }) => verifierKey);
  const valuesOf = ({ verifierKey }: LogKey) => ({
    ...about,
    fingerprint: renderFingerprint(utf8(verifierKey)),
  });
  return [
    ...[...added, ...changed.map(([, one]) => one)].map((one) =>
      remark(`${key}_ADDED`, { ...valuesOf(one), period: periodOf(one) }),
    ),
    ...removed.map((one) => remark(`${key}_REMOVED`, valuesOf(one))),
  ];
}

function describeHubs(before: Part, after: Part): readonly Remark[] {
  const logOf = (part: Part, hub: string): HubLog | undefined =>
    part?.hubs.find((one: Hub) => one.hub === hub)?.log;
  return (after?.hubs ?? []).flatMap(({ hub, log }) =>
    describeKeys("LOG_KEY", { hub }, { before: logOf(before, hub)?.keys, after: log?.keys }),
  );
}

function describeWitness(
  old: Witness | undefined,
  { name, agency, keys }: Witness,
): readonly Remark[] {
  const about = { name, agency };
  const isMoved = old !== undefined && old.agency !== agency;
  return [
    ...(old === undefined ? [remark("WITNESS_ADDED", about)] : []),
    ...(isMoved ? [remark("WITNESS_CHANGED", about)] : []),
    ...describeKeys("WITNESS_KEY", { name }, { before: old?.keys, after: keys }),
  ];
}

function describeWitnesses(before: Part, after: Part): readonly Remark[] {
  const [old, young] = [before?.witnessing?.witnesses, after?.witnessing?.witnesses];
  const { added, removed, changed } = compare(old, young, ({ name }) => name);
  return [
    ...added.flatMap((one) => describeWitness(undefined, one)),
    ...removed.map(({ name, agency }) => remark("WITNESS_REMOVED", { name, agency })),
    ...changed.flatMap(([was, is]) => describeWitness(was, is)),
  ];
}

function authoritiesOf(part: Part): number {
  const agencies = (part?.witnessing?.witnesses ?? []).map(({ agency }) => agency);
  return new Set(agencies.map((agency) => agency.slice(0, agency.indexOf("/")))).size;
}

function describeQuorum(before: Part, after: Part): readonly Remark[] {
  const count = after?.witnessing?.quorum ?? 0;
  const total = authoritiesOf(after);
  if (count === (before?.witnessing?.quorum ?? 0)) return [];
  return [count === 0 ? remark("QUORUM_NONE") : remark("QUORUM", { count, total })];
}

/** The logs of hubs, who watches them, and how many have to. */
export function describeLogs(before: Part, after: Part): readonly Remark[] {
  return [
    ...describeHubs(before, after),
    ...describeWitnesses(before, after),
    ...describeQuorum(before, after),
  ];
}
