/**
 * The broker: carries what it cannot read.
 *
 * Promises: what it accepts is stored and synced before the sender is told; who reads what is the
 * register's word alone. Trusts the register's anchors and its own server. Never opens a sealed body, and
 * holds no key that could. Start at `start.ts`, then `admission/steps.ts` and `nats/accounts.ts`.
 */
export {
  type BrokerConfig,
  brokerConfig,
  loadBrokerConfig,
  loadBrokerOptions,
  parseBrokerConfig,
} from "./config.ts";
export { checkHubCopy, type HubCopy } from "./hub-copy.ts";
export { runBrokerCommand } from "./main.ts";
export {
  checkServerVersion,
  type HubKeys,
  hubLimits,
  loadHubKeys,
  makeHubKeys,
  parseServerVersion,
  renderServerConfig,
  saveHubKeys,
  serverFloor,
} from "./nats/index.ts";
export {
  type Broker,
  type BrokerOptions,
  type BrokerStatus,
  hubFolderOf,
  type ServerOptions,
} from "./options.ts";
export { restoreHubLog } from "./restore-log.ts";
export { retireServer } from "./retire-server.ts";
export { renderServer } from "./render-server.ts";
export { type HubSight, showHeld } from "./show.ts";
export { startBroker } from "./start.ts";
export { type Door, type DoorOrder, openSurveyorDoor } from "./surveyor-door.ts";
export {
  type DutyKey,
  loadDutyKey,
  makeOrder,
  orderDigest,
  orderFileOf,
  parseSignedOrder,
  readStopState,
  renderSignedOrder,
  type SignedOrder,
  signersNeeded,
  signOrder,
  type StopOrder,
  type StopState,
} from "./stop/index.ts";
export { isOldStatus, findToldStatus, type ToldStatus } from "./status-file.ts";
