import { caller, type FaultKind, operator } from "./fault-kinds.ts";

/** What a gateway and its command line refuse, beside what every party does. */
export const gatewayFaults = {
  // gateway
  STORE_WRITE_FAILED: operator(503, "The store could not be written", "later"),
  STORE_VERSION_UNKNOWN: operator(500, "The store was made by a newer version", "after-change"),
  STORE_LOCKED: caller(423, "The store is locked; unlock it first"),
  STORE_KEY_WRONG: caller(403, "This does not open the store"),
  STORE_WIPED: caller(410, "The store of this gateway was wiped", "never"),
  STORE_RESTORED: caller(503, "The store was put back and catches up with the hub", "later"),
  STORE_READ_ONLY: caller(503, "The store can only be read"),
  STORE_FULL: caller(507, "There is no room on the disk", "later"),
  BACKUP_INVALID: caller(422, "This is not a backup of this gateway that can be used"),
  IDEMPOTENCY_KEY_MISSING: caller(400, "Idempotency-Key is missing"),
  IDEMPOTENCY_KEY_REUSED: caller(409, "This Idempotency-Key was used for other content"),
  REQUEST_INVALID: caller(400, "The request is not one we understand"),
  REQUEST_TOO_LARGE: caller(413, "The request is larger than allowed"),
  REQUEST_TYPE_UNSUPPORTED: caller(415, "The content type is not one we read"),
  REQUEST_HEADERS_TOO_LARGE: caller(431, "The request's headers are larger than allowed"),
  REQUEST_TOO_SLOW: caller(408, "The request did not arrive in time", "later"),
  METHOD_NOT_ALLOWED: caller(405, "Another method is answered here"),
  ANSWER_TYPE_UNAVAILABLE: caller(406, "It is not to be had in that form"),
  NOT_AUTHENTICATED: caller(401, "Say who you are"),
  NOT_FOUND: caller(404, "There is nothing here for you", "never"),
  LOOKUP_COPY_OLD: caller(503, "What is held here is too old to look things up in", "later"),
  CURSOR_GONE: caller(410, "What followed this cursor is not kept any more; list again"),
  EGRESS_REFUSED: caller(403, "This gateway may not call that address"),
  WEBHOOK_UNREACHABLE: caller(503, "The receiver of the webhook cannot be reached", "later"),
  WEBHOOK_NOT_TAKEN: caller(502, "The receiver of the webhook did not take the event", "later"),
  TRANSLATION_UNAVAILABLE: caller(
    503,
    "The translation service does not answer as it should",
    "later",
  ),
  TRANSLATION_NOT_ALLOWED: caller(403, "This text may not be given to a translation service"),
  PRECONDITION_MISSING: caller(428, "Say which version you change"),
  PRECONDITION_FAILED: caller(412, "It was changed meanwhile; read it again"),
  WORK_OUT_OF_TURN: caller(409, "It is not the time for this message, or not yours to send"),
  DRAFT_SENT: caller(409, "This draft was sent already"),
  EXPORT_NOT_READY: caller(409, "This export waits for another person, or was refused"),

  // command line
  USAGE_INVALID: caller(400, "The command is not one we understand"),
  CONTEXT_UNKNOWN: caller(404, "It is not known which gateway to ask"),
  GATEWAY_UNREACHABLE: caller(503, "The gateway does not answer", "later"),
  GATEWAY_TIMEOUT: caller(504, "The gateway did not answer in time", "later"),

  // who asks
  ROLE_MISSING: caller(403, "Your role does not allow this"),
  STEP_UP_NEEDED: caller(403, "Prove again that it is you"),
  SIGN_IN_REFUSED: caller(401, "This sign-in was not accepted"),
  ORIGIN_FOREIGN: caller(403, "The request does not come from our own pages", "never"),
  TOO_MANY_TRIES: caller(429, "Too many tries; wait a little", "later"),
  LAST_ADMINISTRATOR: caller(409, "The last administrator stays"),
  SECOND_PERSON_NEEDED: caller(403, "This needs another person"),
  PURPOSE_MISSING: caller(400, "Say what you read this for"),
  PURPOSE_UNKNOWN: caller(400, "This is no purpose that we know"),
  PURPOSE_NOT_ALLOWED: caller(403, "The sender does not allow this purpose"),
  CEILING_EXCEEDED: caller(403, "This handling is above your ceiling"),

  // files between gateways
  CARRY_INVALID: caller(422, "The carry file is not whole, or not one of ours"),
  CARRY_NOT_FOR_US: caller(422, "The carry file is for another agency", "never"),
  CARRY_SIGNATURE_INVALID: caller(
    422,
    "The carry file is not signed by the agency it names",
    "never",
  ),

  // files beside messages
  ATTACHMENT_TYPE_REFUSED: caller(422, "Files of this type are not carried"),
  ATTACHMENT_TYPE_DIFFERS: caller(422, "The file is not of the type it was said to be"),
  ATTACHMENT_UNSAFE: caller(422, "The file may do harm, or hides something"),
  ATTACHMENT_DIGEST_DIFFERS: caller(422, "The file is not the one that was announced"),
  ATTACHMENT_NOT_HERE: caller(409, "The file has not come to this gateway yet", "later"),
  ATTACHMENT_ALLOWANCE_SPENT: caller(507, "Too many files are uploaded and not sent", "later"),
  UPLOAD_OFFSET_WRONG: caller(409, "The upload stands at another byte"),
  RANGE_UNSATISFIABLE: caller(416, "The file has no such bytes"),
} as const satisfies Record<string, FaultKind>;
