import { type Bytes, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { type AgencyAccount, agencyAccounts, consumerSubjects, hubAccounts } from "./accounts.ts";
import { hubLimits } from "./limits.ts";
import { quote } from "./quote.ts";
import { type ClusterPlace, renderCluster, renderReached, serverNameOf } from "./render-cluster.ts";

/** What of the server's configuration is the operator's, not the register's. */
export interface ServerSettings {
  readonly listen: { readonly host: string; readonly port: number };
  /** The hub's SERVER certificate with its issuing CA, and its key, PEM files. */
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Where `renderServerRoots` is written. */
  readonly caFile: string;
  readonly storeDir: string;
  readonly logFile: string;
  /** Monitoring on the loopback address; off when left out. */
  readonly monitorPort?: number | undefined;
  readonly maxMemoryBytes: number;
  readonly maxFileBytes: number;
  /** Public nkey of who reads how the servers do, and nothing else; nobody when left out. */
  readonly surveyor?: string | undefined;
  /** Its place among several servers; left out where there is one. */
  readonly cluster?: ClusterPlace | undefined;
}

/** Public nkeys, as the server knows the hub's parts. */
export interface PublicHubKeys {
  readonly issuer: string;
  readonly callout: string;
  readonly hub: string;
  readonly system: string;
  readonly curve: string;
}

function renderHead(hub: string, settings: ServerSettings, roots: Bytes): readonly string[] {
  const { listen, monitorPort } = settings;
  return [
    "# Rendered from the register; changes made here are lost.",
    `# roots sha256:${renderHex(sha256(roots))}`,
    `server_name: ${quote(serverNameOf(hub, settings.cluster))}`,
    `listen: ${quote(`${listen.host}:${listen.port}`)}`,
    ...renderReached(settings.cluster),
    ...(monitorPort === undefined ? [] : [`http: ${quote(`127.0.0.1:${monitorPort}`)}`]),
    `log_file: ${quote(settings.logFile)}`,
    "logtime: true",
    `max_payload: ${hubLimits.maxPayloadBytes}`,
    `max_control_line: ${hubLimits.maxControlLineBytes}`,
    `max_pending: ${hubLimits.maxPendingBytes}`,
    'write_deadline: "10s"',
    'ping_interval: "20s"',
    "ping_max: 2",
    "jetstream {",
    `  store_dir: ${quote(settings.storeDir)}`,
    "  sync_interval: always",
    `  max_memory_store: ${settings.maxMemoryBytes}`,
    `  max_file_store: ${settings.maxFileBytes}`,
    "  strict: true",
    "}",
    "tls {",
    `  cert_file: ${quote(settings.certificateFile)}`,
    `  key_file: ${quote(settings.keyFile)}`,
    `  ca_file: ${quote(settings.caFile)}`,
    "  verify: true",
    "  handshake_first: true",
    '  min_version: "1.3"',
    `  timeout: ${hubLimits.tlsTimeoutSeconds}`,
    "}",
  ];
}

function renderExports(accounts: readonly AgencyAccount[]): readonly string[] {
  return accounts.flatMap(({ account, intake, consumer, streams }) => [
    `      { service: ${quote(`${intake}>`)}, accounts: [${account}] }`,
    ...streams.flatMap((stream) => {
      const { next, acks } = consumerSubjects(stream, consumer);
      return [
        `      { service: ${quote(next)}, response_type: stream, threshold: "${hubLimits.pullThresholdSeconds}s", accounts: [${account}] }`,
        ...acks.map((ack) => `      { service: ${quote(ack)}, accounts: [${account}] }`),
      ];
    }),
  ]);
}

/** The source of an import from the hub's account. */
function from(subject: string): string {
  return `service: { account: ${hubAccounts.hub}, subject: ${quote(subject)} }`;
}

function renderAccount({ account, intake, consumer, streams }: AgencyAccount): readonly string[] {
  const { maxAgencyConnections, maxAgencySubscriptions, maxAgencyPayloadBytes } = hubLimits;
  return [
    `  ${account} {`,
    `    limits { max_conn: ${maxAgencyConnections}, max_subs: ${maxAgencySubscriptions}, max_payload: ${maxAgencyPayloadBytes} }`,
    "    imports: [",
    `      { ${from(`${intake}>`)}, to: "out.>" }`,
    ...streams.flatMap((stream) => {
      const { next, acks } = consumerSubjects(stream, consumer);
      return [next, ...acks].map((subject) => `      { ${from(subject)} }`);
    }),
    "    ]",
    "  }",
  ];
}

/** What a surveyor may ask: how each server does. Not who is connected, nor how much of what anybody sends. */
const surveyed = ["$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.PING.STATSZ"].map(quote).join(", ");

function renderSystemUsers(keys: PublicHubKeys, surveyor: string | undefined): string {
  const asks = `permissions: { publish: { allow: [${surveyed}] }, subscribe: { allow: ["_INBOX.>"] } }`;
  const more = surveyor === undefined ? "" : `, { nkey: ${surveyor}, ${asks} }`;
  return `  ${hubAccounts.system} { users: [ { nkey: ${keys.system} }${more} ] }`;
}

function renderAccounts(
  accounts: readonly AgencyAccount[],
  keys: PublicHubKeys,
  { surveyor }: Pick<ServerSettings, "surveyor">,
): readonly string[] {
  const users = [
    keys.callout,
    keys.hub,
    keys.system,
    ...(surveyor === undefined ? [] : [surveyor]),
  ];
  return [
    "accounts {",
    renderSystemUsers(keys, surveyor),
    `  ${hubAccounts.callout} { users: [ { nkey: ${keys.callout}, permissions: {`,
    // Where the server waits for an answer, and not `allow_responses`: the server forgets those whenever it reads its
    // configuration anew, and a login that was asked about before would wait its whole time for nothing.
    '    publish: { allow: ["$SYS._INBOX.*.*"] }, subscribe: { allow: ["$SYS.REQ.USER.AUTH callout"] } } } ] }',
    `  ${hubAccounts.hub} {`,
    "    jetstream: enabled",
    `    users: [ { nkey: ${keys.hub} } ]`,
    "    exports: [",
    ...renderExports(accounts),
    "    ]",
    "  }",
    ...accounts.flatMap(renderAccount),
    "}",
    `system_account: ${hubAccounts.system}`,
    "authorization {",
    `  timeout: ${hubLimits.loginTimeoutSeconds}`,
    "  auth_callout {",
    `    issuer: ${keys.issuer}`,
    `    account: ${hubAccounts.callout}`,
    `    auth_users: [ ${users.join(", ")} ]`,
    `    xkey: ${keys.curve}`,
    "  }",
    "}",
  ];
}

/** The roots of every authority of the register, PEM: whoever shows a certificate of theirs may ask to log in. */
export function renderServerRoots(register: RegisterView): string {
  const names = [...register.numbers.keys()].toSorted();
  const roots = names.flatMap((name) => register.authority(name)?.roots ?? []);
  const byDigest = new Map(roots.map((root) => [renderHex(sha256(root)), root]));
  return renderPem("CERTIFICATE", ...byDigest.values());
}

/**
 * The server's configuration: a pure function of the register and the hub's settings, so that the same
 * register gives the same text. One account for each agency; the hub's account alone has JetStream;
 * logins go to the callout.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function renderServerConfig(
  register: RegisterView,
  { hub, settings, keys }: { hub: string; settings: ServerSettings; keys: PublicHubKeys },
): string {
  const roots = utf8(renderServerRoots(register));
  const lines = [
    ...renderHead(hub, settings, roots),
    ...renderCluster(hub, settings.cluster),
    ...renderAccounts(agencyAccounts(register, hub), keys, settings),
  ];
  return `${lines.join("\n")}\n`;
}
