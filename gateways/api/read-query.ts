import { Fault } from "../../schemas/ground/index.ts";

const agencySpelling = /^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/;

const countrySpelling = /^[A-Z]{2}$/;
const crimeSpelling = /^[a-z][a-z0-9.-]{0,59}$/;

/** Who a copy is for, as a query says it. */
export interface CopyQuery {
  readonly to?: string | undefined;
  readonly country?: string | undefined;
  readonly body?: string | undefined;
  readonly crime?: string | undefined;
}

const copySpelling: Readonly<Record<string, (value: string) => boolean>> = {
  to: (value) => agencySpelling.test(value),
  country: (value) => countrySpelling.test(value),
  body: (value) => value.length > 0 && value.length <= 200,
  crime: (value) => value.length <= 60 && crimeSpelling.test(value),
};

/**
 * Who a copy is given to, and for which offence, as far as the query says it.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseCopyQuery(search: URLSearchParams): CopyQuery {
  const said = Object.fromEntries(search);
  const isGood = [...search].every(([name, value]) => copySpelling[name]?.(value) === true);
  const isOnce = Object.keys(said).length === search.size;
  const isBoth = (said["country"] === undefined) === (said["body"] === undefined);
  if (isGood && isOnce && isBoth && !(said["to"] !== undefined && said["body"] !== undefined)) return said;
  const way = "to, an agency such as gh/tcu; or country and body, for one outside; and crime";
  throw new Fault("REQUEST_INVALID", `a copy takes ${way}, each once`);
} // prettier-ignore

const keySpelling = /^[\u0021-\u007e]{1,200}$/;

/**
 * The Idempotency-Key of a request.
 *
 * @throws {Fault} IDEMPOTENCY_KEY_MISSING, REQUEST_INVALID
 */
export function parseIdempotencyKey(header: string | null): string {
  if (header === null || header === "") {
    throw new Fault(
      "IDEMPOTENCY_KEY_MISSING",
      "send an Idempotency-Key that is new to each message",
    );
  }
  if (!keySpelling.test(header)) {
    throw new Fault("REQUEST_INVALID", "an Idempotency-Key has 1 to 200 visible ASCII characters");
  }
  return header;
}
