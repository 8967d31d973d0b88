import { caller, type FaultKind, operator } from "./fault-kinds.ts";
import { gatewayFaults } from "./gateway-faults.ts";
import { ruleFaults } from "./rule-faults/index.ts";

type RuleFaultCode = keyof typeof ruleFaults;

function isComplete(
  table: Readonly<Record<string, FaultKind>>,
): table is Readonly<Record<RuleFaultCode, FaultKind>> {
  return Object.keys(ruleFaults).every((code) => Object.hasOwn(table, code));
}

function makeRuleKinds(): Readonly<Record<RuleFaultCode, FaultKind>> {
  const table = Object.fromEntries(
    Object.entries<string>(ruleFaults).map(([code, title]) => [code, caller(422, title)]),
  );
  if (isComplete(table)) return table;
  throw new Error("a rule has no fault");
}

/**
 * Every fault code there is. A published code never changes its meaning. `schemas/README.md` lists the
 * same codes; a test holds the two together.
 */
export const faults = {
  // ground
  BYTES_NOT_CANONICAL: caller(422, "The encoding is not the one canonical spelling"),
  BYTES_NOT_TEXT: caller(422, "The bytes are not UTF-8 text"),
  ID_INVALID: caller(422, "The id is not a UUID of version 7"),
  CONFIG_INVALID: operator(500, "The configuration cannot be used", "after-change"),
  INTERNAL: operator(500, "Something failed inside", "later"),
  INTEGRITY_STORE: operator(500, "The store contradicts itself; the process stops", "never"),

  // codec and schema
  CODEC_MALFORMED: caller(422, "The bytes are not a message of this schema"),
  CODEC_TOO_LARGE: caller(413, "The message is larger than allowed"),
  CODEC_TOO_DEEP: caller(422, "The message is nested deeper than allowed"),
  JSON_MALFORMED: caller(400, "The text is not JSON as we accept it"),
  SCHEMA_UNKNOWN_TYPE: caller(422, "The message type is not known"),
  SCHEMA_INVALID: caller(422, "Some fields are wrong"),
  SCHEMA_FIELD_MISSING: caller(422, "A required field is missing"),
  SCHEMA_FIELD_UNKNOWN: caller(422, "A field is not part of this type"),
  SCHEMA_FIELD_TYPE: caller(422, "A field has the wrong kind of value"),
  SCHEMA_FIELD_LENGTH: caller(422, "A field is too long or too short"),
  SCHEMA_FIELD_RANGE: caller(422, "A number or time is out of range"),
  SCHEMA_FIELD_PATTERN: caller(422, "A field is not spelt as its format asks"),
  SCHEMA_FIELD_ITEMS: caller(422, "A list has too many or too few items"),
  SCHEMA_CODE_UNKNOWN: caller(422, "A code is not in its code list"),
  ...makeRuleKinds(),

  // envelope, parts, slips, receipts
  ENVELOPE_INVALID: caller(422, "The envelope is not well formed"),
  RELEASE_LEVEL_EXCEEDED: caller(422, "The message would go further than its release level"),
  ENVELOPE_SIGNATURE_INVALID: caller(422, "The signature does not fit the envelope", "never"),
  ENVELOPE_SIGNATURE_MISSING: caller(422, "The envelope is not signed"),
  ENVELOPE_SIGNATURE_REQUIRED: caller(422, "A signature that the register requires is missing"),
  ENVELOPE_EXPIRED: caller(422, "The message has expired", "never"),
  ENVELOPE_FROM_FUTURE: caller(422, "The message was created in the future", "later"),
  ENVELOPE_ID_REUSED: caller(409, "This id is taken by a message with other content"),
  BODY_DIGEST_MISMATCH: caller(422, "The body is not the one the envelope names", "never"),
  BODY_ROOT_MISMATCH: caller(422, "The parts are not the ones the envelope names", "never"),
  BODY_PARTS_INVALID: caller(422, "The body's parts are not well formed"),
  BODY_MUST_BE_SEALED: caller(422, "This type travels sealed only"),
  BODY_MUST_BE_OPEN: caller(422, "This type travels open only"),
  BODY_CANNOT_BE_OPENED: caller(422, "The body cannot be opened with our keys", "never"),
  AUDIENCE_KEY_AWAITED: caller(422, "The key of this message has not come yet", "later"),
  COPY_NOT_POSSIBLE: caller(422, "This copy cannot be made of this message"),
  FEED_REACHES_PROTECTED: caller(422, "A state that must not learn of it reads this feed"),
  SEAL_NO_RECIPIENTS: caller(422, "Nobody may read this message, so it is not sent"),
  SEAL_TOO_MANY_RECIPIENTS: caller(422, "Too many readers for one sealed message"),
  SEAL_ALGORITHM_NOT_PERMITTED: caller(
    422,
    "The body is sealed with an algorithm that is not permitted",
  ),
  SEAL_KEY_MISSING: caller(422, "A reader has no usable sealing key"),
  SEAL_KEY_UNCONFIRMED: caller(422, "A reader's new sealing key is not confirmed"),
  SLIP_INVALID: caller(422, "The slip does not fit its message"),
  SLIP_SIGNATURE_INVALID: caller(422, "The signature does not fit the slip", "never"),
  SLIP_CHAIN_BROKEN: operator(422, "The sender's slips do not follow each other"),
  RECEIPT_INVALID: caller(422, "The receipt is not well formed or not by its issuer", "never"),
  SUBJECT_INVALID: caller(422, "The subject is not one of ours"),
  SUBJECT_MISMATCH: caller(422, "The subject is not the one the envelope asks for", "never"),
  ORIGIN_MISMATCH: caller(403, "The sender is not the one who signed", "never"),

  // certificates and register
  CERT_MALFORMED: caller(422, "The certificate is not well formed"),
  CERT_UNKNOWN: caller(403, "The certificate is not in the register"),
  CERT_PATH_INVALID: caller(403, "The certificate does not lead to its state's root"),
  CERT_EXPIRED: caller(403, "The certificate has expired"),
  CERT_NOT_YET_VALID: caller(403, "The certificate is not valid yet", "later"),
  CERT_NAME_NOT_PERMITTED: caller(403, "The certificate bears a name its issuer may not give"),
  CERT_USAGE_NOT_PERMITTED: caller(403, "The certificate is not for this use"),
  CERT_POLICY_NOT_PERMITTED: caller(403, "The certificate is under no policy that is accepted"),
  CERT_OUTSIDE_PROFILE: caller(422, "The certificate asks for what we do not process"),
  CERT_TOO_COMPLEX: caller(422, "The certificates cost more to judge than allowed"),
  CERT_REVOKED: caller(403, "The certificate was revoked", "never"),
  CERT_STATUS_UNKNOWN: caller(403, "It is not known whether the certificate was revoked", "later"),
  ADMISSION_AWAITED: caller(
    403,
    "The signer's certificate was revoked; whether the message came before that is being asked",
    "later",
  ),
  CERT_ENDS_SOON: operator(503, "Something that trust rests on ends soon", "later"),
  CSR_INVALID: caller(422, "The certificate request is not well formed"),
  CSR_POSSESSION_UNPROVEN: caller(422, "The request does not prove possession of its key"),
  CSR_NAME_NOT_PERMITTED: caller(422, "The request asks for a name this authority may not give"),
  CSR_KEY_NOT_PERMITTED: caller(422, "The key is weak, or stands in another certificate already"),
  KEY_UNUSABLE: operator(500, "A private key cannot be used", "after-change"),
  KEY_TOKEN_AWAY: operator(503, "The device that holds a private key does not answer", "later"),
  SERIAL_REPEATED: operator(500, "A serial number came a second time; nothing was issued", "never"),
  CEREMONY_REFUSED: caller(409, "A key ceremony was stopped; nothing was signed"),
  SIGNATURE_MALFORMED: caller(422, "The signature is not a JWS as we accept it", "never"),
  SIGNATURE_INVALID: caller(422, "The signature does not fit what was signed", "never"),
  SIGNATURE_ALGORITHM_NOT_PERMITTED: caller(
    422,
    "The signature is of an algorithm that is not permitted",
  ),
  SIGNATURE_KEY_NOT_PERMITTED: caller(422, "The key is not one for this signature"),
  SIGNATURE_KEY_MISSING: operator(
    500,
    "We have no signing key of the kind the register asks for",
    "after-change",
  ),
  REGISTER_INVALID: operator(500, "The register is not well formed", "after-change"),
  REGISTER_SIGNATURE_INVALID: operator(
    500,
    "The register is not signed by who may sign it",
    "never",
  ),
  REGISTER_ROLLBACK: operator(409, "The register offered is older than the one held", "never"),
  REGISTER_FORKED: operator(409, "Two registers bear the same number", "never"),
  REGISTER_STALE: operator(503, "The register is out of date", "later"),
  CHANGE_INVALID: caller(422, "The change of the register cannot be read, or changes nothing"),
  CHANGE_OUTDATED: caller(409, "The change was made on an older version of the register"),
  CHANGE_NOT_PERMITTED: caller(403, "This person may not propose or accept this change"),
  CHANGE_NOT_ACCEPTED: caller(
    409,
    "The change was not yet proposed by one officer and accepted by another",
  ),
  CLOCK_BEHIND: operator(503, "This machine's clock stands before a time that has passed", "later"),
  CLOCK_AHEAD: operator(503, "This machine's clock is ahead of the time its hub signs", "later"),
  AGENCY_UNKNOWN: caller(404, "The agency is not in the register"),

  // mandates
  MANDATE_MISSING: caller(403, "No mandate allows this"),
  MANDATE_SUSPENDED: caller(403, "The agency or its state is suspended", "later"),

  // hub
  QUOTA_EXCEEDED: caller(429, "Too much at once", "later"),
  LINK_PAUSED: caller(429, "The hub takes nothing of you for a while: far too much came", "later"),
  HUB_STOPPED: caller(
    503,
    "The hub takes nothing new for now: it was stopped by its operator",
    "later",
  ),
  BLOB_MISSING: caller(404, "The hub does not hold this part of the file", "later"),
  BLOB_ALLOWANCE_SPENT: caller(429, "The agency's daily allowance for files is spent", "later"),
  BLOB_STORE_FULL: caller(507, "The hub has no room for more files", "later"),
  HUB_STREAM_WRITE_FAILED: operator(503, "The hub could not store the message", "later"),
  HUB_NOT_SHARED: caller(422, "No hub is shared with a recipient", "after-change"),
  RELAY_NOT_AGREED: caller(403, "No relay agreement in force covers this way", "later"),
  RELAY_INVALID: caller(403, "The relay's statement does not fit what it carries", "never"),
  RELAY_FILES: caller(
    422,
    "Files do not go with mail that a relay takes to another hub",
    "after-change",
  ),
  HUB_UNREACHABLE: operator(503, "The hub cannot be reached", "later"),
  HUB_LOGIN_REFUSED: operator(403, "The hub refused the login", "after-change"),
  HUB_SERVER_TOO_OLD: operator(500, "The nats-server is older than the floor", "after-change"),
  HUB_SERVER_FAILED: operator(500, "The nats-server did not start", "after-change"),
  CALLOUT_REQUEST_INVALID: operator(403, "The login request is not the server's", "never"),

  // the log
  LOG_TILE_INVALID: caller(422, "The piece of the log is not well formed"),
  LOG_NOTE_INVALID: caller(422, "The note is not well formed, or not by its signer", "never"),
  LOG_CHECKPOINT_INVALID: caller(422, "The checkpoint is not well formed or not of this log"),
  LOG_PROOF_INVALID: caller(422, "The proof does not fit the log", "never"),
  EVIDENCE_INVALID: caller(422, "The evidence file is not well formed", "never"),
  LOG_POLICY_INVALID: caller(422, "The rule about witnesses is not well formed"),
  LOG_ENTRY_MISSING: caller(404, "The log has no such entry"),
  LOG_ACT_UNKNOWN: caller(422, "This is no act that an agency enters in the log"),
  LOG_ACT_OTHER: caller(409, "Another act stands in the log under this number"),
  LOG_FULL: operator(507, "The hub's log has no room for more", "after-change"),
  LOG_INCONSISTENT: operator(
    500,
    "The log is not the one that was signed before; it stops",
    "never",
  ),

  // gateway and command line
  ...gatewayFaults,

  // import of files
  IMPORT_FILE_UNREADABLE: caller(400, "The file cannot be read"),
  IMPORT_ROW_MALFORMED: caller(422, "The row does not have the columns of its header"),
  IMPORT_ROW_DATE: caller(422, "The row has no date we can read"),
  IMPORT_ROW_TIME: caller(422, "The row's time is not a time of day"),
  IMPORT_ROW_POSITION: caller(422, "The row's position is not on the globe"),
  IMPORT_ROW_NUMBER: caller(422, "A number of the row is not one we can read"),
  IMPORT_ROW_COUNTRY: caller(422, "A country of the row is not in ISO 3166"),
  IMPORT_ROW_NOT_SERVED: caller(422, "No country of the row is a member of a served community"),
  IMPORT_ROW_NO_REPORTER: caller(422, "No maritime centre can report the row"),
} as const satisfies Record<string, FaultKind>;

/** A code of the table; an unknown one does not compile. */
export type FaultCode = keyof typeof faults;

/** Whether `value`, read from outside, is a code of the table. */
export function isFaultCode(value: string): value is FaultCode {
  return Object.hasOwn(faults, value);
}
