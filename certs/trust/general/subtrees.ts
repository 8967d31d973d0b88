import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import {
  findUriHost,
  type GeneralCertificate,
  type GeneralName,
  splitMailbox,
  type Subtrees,
} from "../../shape/index.ts";
import type { Budget } from "./budget.ts";
import type { GeneralPath } from "./question.ts";

/** Permitted names are matched strictly and excluded ones loosely: where readers differ, the name is refused. */
type Side = "permitted" | "excluded";

/** Hosts compare in small letters; `base` may begin with a full stop, and then covers what is beneath it. */
function isHostWithin(host: string, base: string): boolean {
  const [name, limit] = [host.toLowerCase(), base.toLowerCase()];
  return limit === "" || (limit.startsWith(".") ? name.endsWith(limit) : name === limit);
}

/** A DNS base covers itself and all beneath it. A wildcard may stand for any host beneath its own base. */
function isDnsWithin(name: string, base: string, side: Side): boolean {
  const isPattern = name.startsWith("*.");
  const [host, limit] = [(isPattern ? name.slice(2) : name).toLowerCase(), base.toLowerCase()];
  if (limit === "" || host === limit || host.endsWith(`.${limit}`)) return true;
  return side === "excluded" && isPattern && limit.endsWith(`.${host}`);
}

function isMailWithin(address: string, base: string, side: Side): boolean {
  const mailbox = splitMailbox(address);
  if (mailbox === undefined) return side === "excluded";
  const limit = splitMailbox(base);
  if (limit === undefined) return isHostWithin(mailbox.host, base);
  const isSameHost = isHostWithin(mailbox.host, limit.host);
  if (side === "permitted") return isSameHost && mailbox.local === limit.local;
  return isSameHost && mailbox.local.toLowerCase() === limit.local.toLowerCase();
}

function isUriWithin(uri: string, base: string, side: Side): boolean {
  const host = findUriHost(uri);
  return host === undefined ? side === "excluded" : isHostWithin(host, base);
}

/** `block` is an address and a mask, each as long as `address`. */
function isInBlock(address: Bytes, block: Bytes): boolean {
  const size = address.length;
  if (block.length !== 2 * size) return false;
  const view = Buffer.from(block);
  return address.every(
    (octet, at) => ((octet ^ view.readUInt8(at)) & view.readUInt8(size + at)) === 0,
  );
}

function isPrefix(prefix: readonly string[], of: readonly string[]): boolean {
  return prefix.length <= of.length && prefix.every((part, at) => part === of[at]);
}

/** Whether a constraint speaks of the form that `name` has; forms that we do not read differ by their tag. */
function isOfForm(name: GeneralName, base: GeneralName): boolean {
  if (name.form === "other" && base.form === "other") return name.tag === base.tag;
  return name.form === base.form;
}

/** Whether `name` lies in the subtree of `base`, which is of the same form. */
function isWithin(name: GeneralName, base: GeneralName, side: Side): boolean {
  if (name.form === "dns" && base.form === "dns") return isDnsWithin(name.text, base.text, side);
  if (name.form === "email" && base.form === "email") {
    return isMailWithin(name.text, base.text, side);
  }
  if (name.form === "uri" && base.form === "uri") return isUriWithin(name.text, base.text, side);
  if (name.form === "ip" && base.form === "ip") return isInBlock(name.octets, base.octets);
  if (name.form === "directory" && base.form === "directory") {
    return side === "permitted"
      ? isPrefix(base.name.parts, name.name.parts)
      : isPrefix(base.name.looseParts, name.name.looseParts);
  }
  // A constraint on a form that we do not read is never met: RFC 5280 §4.2.1.10 lets us refuse the name.
  return side === "excluded";
}

/** Every name a certificate bears: alternative names, the subject, and mail addresses in the subject. */
function namesOf({ names, subject }: GeneralCertificate): readonly GeneralName[] {
  const own: GeneralName[] = subject.parts.length > 0 ? [{ form: "directory", name: subject }] : [];
  const mail = subject.emails.map((text): GeneralName => ({ form: "email", text }));
  return [...names, ...own, ...mail];
}

function isAllowed(name: GeneralName, { permitted, excluded }: Subtrees): boolean {
  const limits = permitted.filter((base) => isOfForm(name, base));
  if (limits.length > 0 && !limits.some((base) => isWithin(name, base, "permitted"))) return false;
  return !excluded.some((base) => isOfForm(name, base) && isWithin(name, base, "excluded"));
}

/**
 * RFC 5280 §6.1.3 (b), (c) and §6.1.4 (g): every name in the path lies in what each CA above it may give.
 * Self-issued CAs are passed over, a self-issued leaf is not. The anchor's own constraints count.
 *
 * @throws {Fault} CERT_NAME_NOT_PERMITTED, CERT_TOO_COMPLEX
 */
export function checkSubtrees(path: GeneralPath, budget: Budget): void {
  path.forEach(({ subtrees }, index) => {
    if (subtrees === undefined) return;
    const beneath = path.slice(0, index).filter((one, at) => at === 0 || !one.isSelfIssued);
    const names = beneath.flatMap(namesOf);
    budget.compare(names.length * (subtrees.permitted.length + subtrees.excluded.length));
    if (!names.every((name) => isAllowed(name, subtrees))) {
      throw new Fault("CERT_NAME_NOT_PERMITTED", "a name lies outside what a CA above it may give");
    }
  });
}
