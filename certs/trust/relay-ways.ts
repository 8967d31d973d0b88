import type { EpochMs } from "../../schemas/ground/index.ts";
import { findMailHub, hubsOf } from "./linked-hubs.ts";
import type { RegisterView } from "./register.ts";
import {
  bringsReceipts,
  coversMail,
  isRelayInForce,
  listRelayWays,
  type RelayedMail,
  type RelayWay,
} from "./relays.ts";

/** Whether two agencies can write to each other through a relay alone. */
export function areApart(register: RegisterView, one: string, other: string): boolean {
  return findMailHub(register, one, other) === undefined;
}

/** The ways there could be for mail, whatever the agreements cover. None for those who share a hub. */
export function relayWaysOf(
  register: RegisterView,
  { sender, recipient }: Pick<RelayedMail, "sender" | "recipient">,
): readonly RelayWay[] {
  if (register.relays.length === 0 || !areApart(register, sender, recipient)) return [];
  return listRelayWays(register, hubsOf(register, sender), hubsOf(register, recipient));
}

/**
 * The way of one piece of mail between two who share no hub: by the first agreement in the register's order that is in force
 * and covers it. There is one relay on it and no more, so nothing can go round.
 */
export function findRelayWay(register: RegisterView, mail: RelayedMail, at: EpochMs): RelayWay | undefined {
  return relayWaysOf(register, mail).find(
    ({ agreement }) => isRelayInForce(register, agreement, at) && coversMail(register, agreement, mail),
  );
} // prettier-ignore

/** The ways by which receipts may come from one to another: those in force first, then those that ended lately. */
export function findReceiptWays(register: RegisterView, mail: Pick<RelayedMail, "sender" | "recipient">, at: EpochMs): readonly RelayWay[] {
  const inForce = findRelayWay(register, mail, at);
  const ended = relayWaysOf(register, mail).filter(
    ({ agreement }) => bringsReceipts(register, agreement, at) && coversMail(register, agreement, mail),
  );
  return inForce === undefined ? ended : [inForce, ...ended.filter(({ agreement, fromHub }) => agreement !== inForce.agreement || fromHub !== inForce.fromHub)];
} // prettier-ignore

/** Whether an agency is named as a relay at a hub, be its agreement in force or not. */
export function isRelayAt({ relays }: RegisterView, agency: string, hub: string): boolean {
  return relays.some(({ relay, hubs }) => relay === agency && hubs.includes(hub));
}

/**
 * Whose mail and receipts a relay is handed at a hub: those who are not linked to it, and are to one that an agreement joins to
 * it, be it in force or not. What came before an agreement ended is handed over all the same: then the relay tells its sender
 * that it comes no further, and nothing lies there without a word.
 */
export function relayedFrom(
  register: RegisterView,
  { relay, hub }: { readonly relay: string; readonly hub: string },
): readonly string[] {
  const beyond = register.relays.flatMap((one) =>
    one.relay === relay && one.hubs.includes(hub) ? one.hubs.filter((other) => other !== hub) : [],
  );
  if (beyond.length === 0) return [];
  return register.agencies.flatMap(({ agency, kind }) => {
    const linked = hubsOf(register, agency).map((one) => one.hub);
    const isFar = !linked.includes(hub) && linked.some((one) => beyond.includes(one));
    return isFar && agency !== relay && kind !== "HUB" ? [agency] : [];
  });
}
