import { Fault, faults, isFault } from "../../schemas/ground/index.ts";
import { type ClientProof, readAssertion, readBasic } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { peopleOf, visitOf } from "./people-body.ts";
import { readFormBody } from "./read-body.ts";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** A "no" as RFC 6749 §5.2 wants it, with our own code beside it. */
function renderRefusal(error: string, fault: Fault): Response {
  const { code, detail, retryAfterSeconds } = fault;
  const { status } = faults[code];
  const headers = new Headers();
  if (status === 401) headers.set("www-authenticate", 'Basic realm="atumpan"');
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  const answer = { error, error_description: detail, code };
  return renderAnswer(answer, { status, headers });
}

function one(form: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = form.getAll(name);
  return more.length > 0 ? undefined : value;
}

/** Two proofs at once are none: RFC 6749 §2.3. */
function readProof(request: Request, form: URLSearchParams): ClientProof | undefined {
  const header = request.headers.get("authorization");
  const assertion = one(form, "client_assertion");
  if (header !== null) return assertion === undefined ? readBasic(header) : undefined;
  const isOurs = one(form, "client_assertion_type") === assertionType;
  const shown = isOurs && assertion !== undefined ? readAssertion(assertion) : undefined;
  const said = one(form, "client_id");
  return said === undefined || said === shown?.id ? shown : undefined;
}

async function giveToken(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  const form = await readFormBody(call.request);
  if (one(form, "grant_type") !== "client_credentials") {
    const fault = new Fault("REQUEST_INVALID", "grant_type is client_credentials, once");
    return renderRefusal("unsupported_grant_type", fault);
  }
  const shown = readProof(call.request, form);
  const ask = async (): Promise<Response> => {
    if (shown === undefined) throw new Fault("SIGN_IN_REFUSED", "show the client's secret by Basic, or a signed assertion");
    const { token, seconds } = await people.token(visit, shown);
    return renderAnswer({ access_token: token, token_type: "Bearer", expires_in: seconds });
  };
  return await people.gate.attempt(visit, shown?.id ?? "", ask);
} // prettier-ignore

/**
 * The token endpoint for machines: client credentials (RFC 6749 §4.4) by secret or by signed assertion (RFC 7523). Its refusals
 * are OAuth's, because OAuth's clients read them.
 */
export async function postToken(desk: Desk, call: Call): Promise<Response> {
  try {
    return await giveToken(desk, call);
  } catch (error) {
    if (isFault(error, "SIGN_IN_REFUSED") || isFault(error, "TOO_MANY_TRIES")) {
      return renderRefusal("invalid_client", error);
    }
    throw error;
  }
}
