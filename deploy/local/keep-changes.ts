import { z } from "zod";

import { tryShape } from "../../schemas/ground/index.ts";

/** What a start of the region has to say anew in a gateway's configuration, for its own processes are to find it. */
export interface GatewayPlace {
  readonly agency: string;
  readonly api: { readonly host: string; readonly port: number };
  readonly anchors: string;
  readonly register: string;
}

/** Read as it stands, so that what is written again has the order in which a person wrote it. */
const anyShape = z.record(z.string(), z.unknown());

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  const read = tryShape(anyShape, value);
  return read.success ? read.data : undefined;
}

function parseFields(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * A gateway's configuration as it is to stand: what an operator wrote into it stays as it is, and what he took out stays
 * out; where it answers and by which register it judges are this start's. A file that cannot be read is his to mend:
 * undefined, and the gateway says what is wrong with it.
 */
export function keepGatewayConfig(found: string, place: GatewayPlace): object | undefined {
  const own = parseFields(found);
  const api = fieldsOf(own?.["api"] ?? {});
  if (own === undefined || api === undefined) return undefined;
  return { ...own, ...place, api: { ...api, ...place.api } };
}

/** The contexts of the command line: ours as they are now, and beside them whatever else a person keeps there. */
export function keepContexts(found: string, contexts: Readonly<Record<string, unknown>>): object {
  const own = parseFields(found);
  const kept = fieldsOf(own?.["contexts"] ?? {});
  return kept === undefined ? { contexts } : { ...own, contexts: { ...kept, ...contexts } };
}
