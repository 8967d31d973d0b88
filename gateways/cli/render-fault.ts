import { type Fault, faults } from "../../schemas/ground/index.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";

const nextByCode: Readonly<Record<string, string>> = {
  USAGE_INVALID: "atumpan help",
  CONTEXT_UNKNOWN: "atumpan contexts",
  CONFIG_INVALID: "mend the file that is named, then: atumpan contexts",
  GATEWAY_UNREACHABLE: "start the gateway, or ask why: atumpan doctor",
  GATEWAY_TIMEOUT: "atumpan status",
  NOT_AUTHENTICATED: "look at tokenFile of this context: atumpan contexts",
  IDEMPOTENCY_KEY_REUSED: "if it is meant as another message: atumpan message send --new FILE",
  SEAL_KEY_UNCONFIRMED: "atumpan keys list",
  SCHEMA_UNKNOWN_TYPE: "atumpan message new --help",
  SECOND_PERSON_NEEDED: "have another person do it",
  RELEASE_ENDED: "atumpan release ls",
  WORDS_NOT_ACCEPTED: "atumpan message accept ID",
  ID_INVALID: "take the id from a list, such as: atumpan message ls",
  OVERSIGHT_FILE_INVALID: "atumpan oversight --help",
  KIT_INVALID: "call your office; ask for the folder again",
  KIT_CODE_WRONG: "call your office; it says the code, or makes a new kit",
  KIT_ENDED: "set this machine's clock, or ask your office for a new kit",
  KIT_USED: "if it was you: the same command with --answer; if not, call your office",
  REQUEST_INVALID: "look at what the command takes: add --help",
};

const nextByExit: Readonly<Record<number, string>> = {
  [exitCodes.invalidContent]: "mend it, then: atumpan message validate FILE",
  [exitCodes.notFound]: "atumpan message ls",
};

function nextOf(fault: Fault): string {
  return nextByCode[fault.code] ?? nextByExit[exitCodeOf(fault)] ?? "atumpan status";
}

/** A fault for people: a sentence, in their language where it is given, every field that is wrong, the code, and what to do next. */
export function renderFault(fault: Fault, sentence?: string): string {
  const { title: own } = faults[fault.code];
  const title = sentence ?? own;
  const detail = fault.detail === title ? "" : `: ${fault.detail}`;
  const fields = fault.violations.map(
    ({ path, code, message }) => `  ${path === "" ? "/" : path}  ${message}  (${code})`,
  );
  const code = `Code ${fault.code}. Next: ${nextOf(fault)}`;
  return [`${title}${detail}.`, ...fields, code, ""].join("\n");
}

/** A fault for programs: one JSON object on one line. */
export function renderFaultJson(fault: Fault): string {
  const { code, detail, violations, retry } = fault;
  const { title } = faults[code];
  return `${JSON.stringify({ code, title, detail, retry, violations, next: nextOf(fault) })}\n`;
}
