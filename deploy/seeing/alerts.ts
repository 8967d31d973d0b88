/** A rule by which somebody is called. */
export interface Alert {
  readonly name: string;
  readonly group: "hub" | "gateway" | "log";
  /** PAGE wakes somebody; TICKET waits for the morning. */
  readonly severity: "page" | "ticket";
  /** What is seen, as Prometheus says it. */
  readonly when: string;
  /** How long it has to be so. */
  readonly lasting: string;
  /** One plain sentence: what is wrong. */
  readonly says: string;
  /** What to do first, and then; each one sentence. */
  readonly steps: readonly string[];
}

const hub: readonly Alert[] = [
  {
    name: "HubDown", group: "hub", severity: "page", when: 'up{job="atumpan-hub"} == 0', lasting: "2m",
    says: "The broker of a hub does not answer.",
    steps: ["See whether its process runs and what its log said last.", "Exit code 70 means that its store contradicts itself: do not start it again before you have read the line that says so.", "Otherwise start it; senders keep what it has not receipted and send it again by themselves."],
  },
  {
    name: "HubServerAway", group: "hub", severity: "page", when: "atumpan_hub_server_up == 0", lasting: "1m",
    says: "The broker runs and has lost its server; nothing goes in or out.",
    steps: ["See whether the server runs, and whether its disk is full.", "Start it; the broker connects by itself, and nothing that was accepted is lost."],
  },
  {
    name: "HubNotReady", group: "hub", severity: "page", when: "atumpan_hub_ready == 0 unless on (job, instance) atumpan_hub_standby == 1 unless on (job, instance) atumpan_hub_server_up == 0", lasting: "2m",
    says: "The hub takes no messages in.",
    steps: ["Ask `/readyz` of the broker: its code says why.", "REGISTER_STALE: bring a newer register. A code of LOG: see the alerts about the log. Otherwise read the broker's log."],
  },
  {
    name: "HubNobodyWorks", group: "hub", severity: "page", when: "sum by (job) (atumpan_hub_ready) == 0 and sum by (job) (atumpan_hub_standby) > 0", lasting: "1m",
    says: "A broker waits for its turn, and none works.",
    steps: ["Read the log of the one that waits: it says why whose turn it is is not known.", "See whether the servers run and hear each other: the turn is taken by the word of most of them."],
  },
  {
    name: "HubStopped", group: "hub", severity: "page", when: "atumpan_hub_stopped == 1", lasting: "0m",
    says: "The stop button of a hub is pressed: nothing new is taken in until officers let it go.",
    steps: ["Ask `atumpan hub status` since when and why, and the hub's officers who pressed it; do not let it go because nobody answers.", "When the reason is gone: `atumpan hub resume`. What waits at its senders then comes by itself."],
  },
  {
    name: "HubStoppedLong", group: "hub", severity: "ticket", when: "atumpan_hub_stopped_seconds > 14400", lasting: "5m",
    says: "A hub has been stopped for more than four hours; messages may end before they are delivered.",
    steps: ["Ask its officers whether it is meant to go on, and tell the agencies by another way what is urgent.", "When the reason is gone: `atumpan hub resume`."],
  },
  {
    name: "HubStreamWithoutLeader", group: "hub", severity: "page", when: "atumpan_hub_stream_leaderless > 0", lasting: "1m",
    says: "A stream of the hub has nobody who leads it, so nothing goes in or out of it.",
    steps: ["See which of the servers are down: two of three have to stand.", "Start those that are down one after another, and wait until each has caught up."],
  },
  {
    name: "HubReplicaBehind", group: "hub", severity: "ticket", when: "atumpan_hub_stream_replicas_current < atumpan_hub_stream_replicas", lasting: "10m",
    says: "A copy of a stream is missing or behind; one more loss would stop the hub.",
    steps: ["See which server is down or slow.", "If it stands and does not catch up, look at its disk and at the line between the servers."],
  },
  {
    name: "HubStreamFilling", group: "hub", severity: "ticket", when: 'atumpan_hub_stream_fill_ratio{stream=~"DIRECT|FEED|BLOB|LOG"} > 0.85', lasting: "15m",
    says: "A stream is nearly full; when it is full, what is new is refused or waits.",
    steps: ["See by the dashboard what grows.", "Give the server more files (`server.maxFileBytes`) or disk before it is full."],
  },
  {
    name: "HubIntakeWaiting", group: "hub", severity: "ticket", when: 'atumpan_hub_stream_messages{stream="INTAKE"} > 2000', lasting: "5m",
    says: "Messages wait at the hub to be judged, more than it works off.",
    steps: ["See whether one refusal code stands out, or the disk or processor is at its end.", "A flood of one agency ends by itself: it is shut out for a while."],
  },
  {
    name: "HubFlood", group: "hub", severity: "ticket", when: "increase(atumpan_hub_pauses_total[15m]) > 0", lasting: "0m",
    says: "An agency was shut out for a while because it sent far more than it waits to be answered.",
    steps: ["The hub's own record says which agency.", "Call its people: a gateway of ours never does so; something else has its key, or it is broken."],
  },
  {
    name: "HubRefusingMany", group: "hub", severity: "ticket", when: "sum by (job, code) (increase(atumpan_hub_refused_total[15m])) > 100", lasting: "5m",
    says: "The hub refuses many messages with one code.",
    steps: ["Look the code up under `/faults`: it says whose it is to mend.", "REGISTER or CERT: see whether a register was changed today."],
  },
  {
    name: "HubLoginsRefused", group: "hub", severity: "ticket", when: 'sum by (job, outcome) (increase(atumpan_hub_logins_total{outcome!="ALLOWED"}[15m])) > 50', lasting: "5m",
    says: "Many logins are refused for one reason.",
    steps: ["CERT_EXPIRED or CERT_REVOKED: a gateway missed its renewal; the hub's own record says whose.", "CERT_UNKNOWN from many places: somebody tries doors; note the addresses."],
  },
  {
    name: "HubRegisterEnding", group: "hub", severity: "page", when: "atumpan_hub_register_expiry_seconds < 86400", lasting: "10m",
    says: "The hub's register is out of date within a day, or is so already.",
    steps: ["Ask the office whether it publishes.", "If it does, see why the newer one does not reach the hub; bring it by hand until then."],
  },
  {
    name: "HubCertificateEnding", group: "hub", severity: "ticket", when: 'atumpan_hub_cert_expiry_seconds{kind!="REGISTER"} < 604800', lasting: "1h",
    says: "A certificate of the hub ends within a week and was not renewed.",
    steps: ["See what the broker's log says of its renewal.", "Ask the authority to issue it, and bring it in by hand if need be."],
  },
  {
    name: "HubDiskLow", group: "hub", severity: "page", when: 'atumpan_disk_free_bytes{job="atumpan-hub"} / atumpan_disk_size_bytes{job="atumpan-hub"} < 0.1', lasting: "10m",
    says: "Less than a tenth of the hub's disk is free.",
    steps: ["Find what grew: streams, the log, or something that is not ours.", "Make room; a full disk stops all acceptance, and nothing accepted is lost."],
  },
  {
    name: "HubSlow", group: "hub", severity: "ticket", when: 'nodejs_eventloop_lag_max_seconds{job="atumpan-hub"} > 2', lasting: "10m",
    says: "What is due in the broker waits for seconds for its turn.",
    steps: ["See whether the machine does something else, or swaps.", "If it is the broker's own work, look at what comes in."],
  },
]; // prettier-ignore

const log: readonly Alert[] = [
  {
    name: "LogStopped", group: "log", severity: "page", when: "atumpan_hub_log_stopped == 1", lasting: "0m",
    says: "The hub's log has stopped, and with it all acceptance.",
    steps: ["`atumpan hub status` says the code.", "LOG_FULL: give it room and start the hub anew. Anything else: do not start it again; keep the folder as it is and call those who keep the log."],
  },
  {
    name: "LogWaiting", group: "log", severity: "page", when: "atumpan_hub_log_waiting == 1", lasting: "2m",
    says: "The hub's log waits for somebody, and nothing is accepted meanwhile.",
    steps: ["`atumpan hub status` says the code.", "KEY_UNUSABLE: the register names another key than the hub has; bring the two together."],
  },
  {
    name: "LogDisputed", group: "log", severity: "page", when: "atumpan_hub_log_disputed == 1", lasting: "0m",
    says: "A witness holds another tree than this hub shows: the log may have been split.",
    steps: ["Touch nothing on the hub, and copy its folder.", "Get the note of the witness and compare it with the hub's; both are signed and neither can be denied.", "Tell the other agencies' people by another way."],
  },
  {
    name: "LogInconsistent", group: "log", severity: "page", when: "atumpan_log_consistent == 0", lasting: "0m",
    says: "A gateway found that the hub's log is not the one it verified before.",
    steps: ["Do as for LogDisputed.", "Mail goes on; trust the hub's word for nothing until people have looked."],
  },
  {
    name: "LogAlarmOpen", group: "log", severity: "page", when: 'sum by (job, code) (atumpan_log_alarms{code!="LOG_INCONSISTENT"}) > 0', lasting: "5m",
    says: "An alarm about the hub's log is open at a gateway.",
    steps: ["`atumpan log` at that gateway says which, and what was shown.", "Look the code up under `/faults`."],
  },
  {
    name: "LogMessagesMissing", group: "log", severity: "ticket", when: 'atumpan_log_unproved_messages{flag="MISSING"} > 0', lasting: "15m",
    says: "Messages are not proved in the hub's log, though it had its time.",
    steps: ["See whether the hub's log waits or has stopped.", "If it goes on and they stay missing, the hub broke its word: keep the receipts, and tell the other agencies' people."],
  },
  {
    name: "LogActsWaiting", group: "log", severity: "ticket", when: "atumpan_log_acts_wait_seconds > 3600", lasting: "10m",
    says: "An administrative act of ours waits for its place in the hub's log for more than an hour.",
    steps: ["See whether the link is up and the hub's log goes on.", "If both do, ask the hub's people why it is not entered."],
  },
  {
    name: "LogCheckpointOld", group: "log", severity: "ticket", when: 'atumpan_hub_log_checkpoint_age_seconds > 600 and on (job, instance) increase(atumpan_hub_admissions_total{outcome="ACCEPTED"}[10m]) > 0', lasting: "5m",
    says: "The hub accepts messages, and its log has no new checkpoint.",
    steps: ["Read the broker's log for what it says of the log.", "Start the broker anew if it says nothing; what is accepted stands in the stream."],
  },
  {
    name: "LogFilling", group: "log", severity: "ticket", when: "atumpan_hub_log_size_bytes / atumpan_hub_log_max_bytes > 0.8 or atumpan_hub_log_full_in_seconds < 2592000", lasting: "1h",
    says: "The log will be full within a month, or more than four fifths of its room are used.",
    steps: ["Give the server more files (`server.maxFileBytes`; the log has an eighth) or disk.", "Do it before it is full: then nothing is accepted."],
  },
  {
    name: "LogQuorumMissing", group: "log", severity: "ticket", when: "atumpan_hub_log_quorum_missing_seconds > 900", lasting: "5m",
    says: "Too few witnesses cosign the hub's log.",
    steps: ["`atumpan hub status` names who is missing.", "Call them: their witness is down, or cannot reach the hub."],
  },
  {
    name: "LogCosignedOld", group: "log", severity: "ticket", when: "atumpan_hub_log_cosigned_age_seconds > 10800 or atumpan_log_witnesses_late_seconds > 3600", lasting: "15m",
    says: "The witnesses' word about the log is hours old.",
    steps: ["See who is missing, as for LogQuorumMissing.", "Mail goes on; what is accepted meanwhile is cosigned later."],
  },
]; // prettier-ignore

const gateway: readonly Alert[] = [
  {
    name: "GatewayDown", group: "gateway", severity: "page", when: 'up{job="atumpan-gateway"} == 0', lasting: "2m",
    says: "A gateway does not answer.",
    steps: ["See whether its process runs and what its log said last.", "Exit code 70 means that its store contradicts itself: do not start it again before you have read the line that says so.", "Otherwise start it; what was submitted is on its disk."],
  },
  {
    name: "GatewayLinkDown", group: "gateway", severity: "ticket", when: "atumpan_link_up == 0", lasting: "15m",
    says: "A gateway does not reach its hub; its officers can work, and what they send waits.",
    steps: ["`atumpan doctor` at the gateway says what is wrong with the way there.", "If many gateways have lost one hub, it is the hub: see its alerts."],
  },
  {
    name: "CanaryLate", group: "gateway", severity: "page", when: "atumpan_canary_late == 1 and on (job, instance, hub) atumpan_link_up == 1", lasting: "5m",
    says: "The link to a hub stands, and what a gateway sends through it does not come back.",
    steps: ["See whether the canaries of other gateways come back: if none does, it is the hub; see its alerts.", "If only this one's do not, see its log for what the hub refuses, and its clock."],
  },
  {
    name: "CanarySlow", group: "gateway", severity: "ticket", when: "atumpan_canary_round_seconds > 60", lasting: "30m",
    says: "A few bytes take more than a minute through the hub and back.",
    steps: ["See what else is on the line, and how good it is.", "If it is so for many gateways, see what waits at the hub."],
  },
  {
    name: "GatewayUrgentWaiting", group: "gateway", severity: "page", when: 'atumpan_queue_age_seconds{urgency=~"FLASH|URGENT_DIRECT|URGENT_INDIRECT"} > 900', lasting: "1m",
    says: "Something urgent waits to be sent for more than a quarter of an hour.",
    steps: ["See whether the link is up.", "If it will not come back soon, call the receiver, or carry the message by hand."],
  },
  {
    name: "GatewayQueueOld", group: "gateway", severity: "ticket", when: "atumpan_queue_age_seconds > 21600", lasting: "15m",
    says: "A message waits to be sent for more than six hours.",
    steps: ["`atumpan message list` shows what waits and why.", "See the link, and whether a second officer or a key is awaited."],
  },
  {
    name: "GatewayQuarantine", group: "gateway", severity: "ticket", when: "sum by (job, code) (increase(atumpan_messages_quarantined_total[1h])) > 0", lasting: "0m",
    says: "A message came that could not be proved, and is shown to nobody.",
    steps: ["Look the code up under `/faults`: some pass by themselves with a newer register.", "SIGNATURE_INVALID or CERT_REVOKED: tell the sender's people by another way."],
  },
  {
    name: "GatewayClosedMessages", group: "gateway", severity: "ticket", when: "atumpan_key_waits_messages > 0", lasting: "1h",
    says: "Messages stay closed because their key has not come.",
    steps: ["The gateway asks for the key by itself; see whether the sender's gateway is up.", "After a day, call the sender's people."],
  },
  {
    name: "GatewayStoreNotWritable", group: "gateway", severity: "page", when: "atumpan_store_writable == 0", lasting: "1m",
    says: "A gateway's store takes nothing: its disk is nearly full or can only be read.",
    steps: ["Make room, or mend the disk.", "What came meanwhile waits at the hub and is not lost."],
  },
  {
    name: "GatewayDiskLow", group: "gateway", severity: "ticket", when: 'atumpan_disk_free_bytes{job="atumpan-gateway"} / atumpan_disk_size_bytes{job="atumpan-gateway"} < 0.1', lasting: "10m",
    says: "Less than a tenth of a gateway's disk is free.",
    steps: ["Make room before submissions stop.", "Old backups and exports are the usual cause."],
  },
  {
    name: "GatewayRegisterEnding", group: "gateway", severity: "ticket", when: "atumpan_register_expiry_seconds < 86400", lasting: "1h",
    says: "A gateway's register is out of date within a day; after some days alone it will send nothing new.",
    steps: ["With a link it should come by itself: see whether the office publishes.", "Without a link, bring it by hand: `atumpan carry`."],
  },
  {
    name: "GatewayCertificateEnding", group: "gateway", severity: "ticket", when: 'atumpan_cert_expiry_seconds{kind!="REGISTER"} < 604800', lasting: "1h",
    says: "A certificate of a gateway ends within a week and was not renewed.",
    steps: ["`atumpan doctor` says which.", "Ask the authority; it can be carried by hand."],
  },
  {
    name: "GatewayClockWrong", group: "gateway", severity: "ticket", when: "atumpan_clock_behind_seconds > 5 or atumpan_clock_ahead_seconds > 5", lasting: "5m",
    says: "A gateway's clock is wrong; what it signs may be refused.",
    steps: ["Set the machine's clock by a source of time.", "What was refused for it is judged again by itself."],
  },
  {
    name: "GatewayApprovalWaiting", group: "gateway", severity: "ticket", when: "atumpan_approval_wait_seconds > 3600", lasting: "5m",
    says: "A message waits for a second officer for more than an hour.",
    steps: ["Tell the approvers on duty.", "If there is none, see who may be named."],
  },
  {
    name: "GatewayDeadlinesEscalated", group: "gateway", severity: "ticket", when: 'atumpan_deadlines_missed{flag="ESCALATED"} > 0', lasting: "15m",
    says: "Answers are overdue for the second time.",
    steps: ["`atumpan work` shows which, for who may see it.", "Tell the officers whose they are, or call the other side."],
  },
  {
    name: "GatewayDoorsTried", group: "gateway", severity: "ticket", when: 'sum by (job) (increase(atumpan_reject_total{code="NOT_AUTHENTICATED"}[15m])) > 100', lasting: "0m",
    says: "Somebody asks a gateway again and again without proving who he is.",
    steps: ["The gateway's own record says from where.", "A machine with an old token is the usual cause; close the door to anything else."],
  },
  {
    name: "GatewaySlow", group: "gateway", severity: "ticket", when: 'nodejs_eventloop_lag_max_seconds{job="atumpan-gateway"} > 2', lasting: "10m",
    says: "What is due in a gateway waits for seconds for its turn.",
    steps: ["See whether the machine does something else, or swaps.", "A large import or export passes by itself."],
  },
]; // prettier-ignore

/** Every rule by which somebody is called. */
export const alerts: readonly Alert[] = [...hub, ...log, ...gateway];
