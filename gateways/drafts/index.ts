/**
 * Messages that are being written: drafts kept at the gateway, and the beginnings of answers.
 *
 * Promises: two who change one draft never undo each other's work unseen; a draft becomes one message, however often it is
 * sent; nobody sees another's draft unless it is shared, nor one above his ceiling. Start at `desk.ts`.
 */
export { draftAnswer } from "./answer.ts";
export { type Dependent, dependsOf } from "./depends.ts";
export {
  type LeftOut,
  makeMlaDesk,
  type MlaDesk,
  type MlaDraft,
  type MlaWish,
} from "./mla-desk.ts";
export type { MlaSide } from "./mla.ts";
export { type DraftAct, type DraftDesk, type Match, makeDraftDesk, renderVersion } from "./desk.ts";
