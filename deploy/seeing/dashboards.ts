/** One picture on a dashboard. */
export interface Panel {
  readonly title: string;
  /** What is drawn, as Prometheus says it, and how each line is named. */
  readonly draws: readonly (readonly [when: string, named?: string])[];
  /** Of Grafana: s, bytes, percentunit, short. */
  readonly unit?: "s" | "bytes" | "percentunit" | "short" | "Bps" | undefined;
  /** A number of its own instead of a line over time. */
  readonly isStat?: boolean | undefined;
}

/** One dashboard. */
export interface Dashboard {
  readonly name: "hub" | "gateway" | "log";
  readonly title: string;
  readonly job: string;
  readonly panels: readonly Panel[];
}

const hub: Dashboard = {
  name: "hub", title: "Atumpan · hub", job: "atumpan-hub",
  panels: [
    { title: "Takes messages in", isStat: true, draws: [["atumpan_hub_ready"]] },
    { title: "Waits for its turn", isStat: true, draws: [["atumpan_hub_standby"]] },
    { title: "Stop button pressed", isStat: true, draws: [["atumpan_hub_stopped"]] },
    { title: "Stopped for", isStat: true, unit: "s", draws: [["atumpan_hub_stopped_seconds"]] },
    { title: "Server reached", isStat: true, draws: [["atumpan_hub_server_up"]] },
    { title: "Register in date for", isStat: true, unit: "s", draws: [["atumpan_hub_register_expiry_seconds"]] },
    { title: "Register", isStat: true, draws: [["atumpan_hub_register_epoch", "epoch"]] },
    { title: "Sessions", draws: [["atumpan_hub_sessions", "connections"], ["atumpan_hub_agencies_connected", "agencies"]] },
    { title: "Judged a second", draws: [["sum by (outcome) (rate(atumpan_hub_admissions_total[5m]))", "{{outcome}}"], ["rate(atumpan_hub_receipts_total[5m])", "receipts"]] },
    { title: "Refused, by code", draws: [["sum by (code) (increase(atumpan_hub_refused_total[15m]))", "{{code}}"]] },
    { title: "Held back, by code", draws: [["sum by (code) (increase(atumpan_hub_held_back_total[15m]))", "{{code}}"]] },
    { title: "Waiting and under way", draws: [['atumpan_hub_stream_messages{stream="INTAKE"}', "waiting"], ["atumpan_hub_under_way_messages", "under way"], ["atumpan_hub_known_messages", "known"]] },
    { title: "Logins", draws: [["sum by (outcome) (increase(atumpan_hub_logins_total[15m]))", "{{outcome}}"]] },
    { title: "Shut out for a flood", draws: [["increase(atumpan_hub_pauses_total[1h])", "times"]] },
    { title: "How full", unit: "percentunit", draws: [["atumpan_hub_stream_fill_ratio", "{{stream}}"]] },
    { title: "Bytes kept", unit: "bytes", draws: [["atumpan_hub_stream_size_bytes", "{{stream}}"]] },
    { title: "Copies up to date", draws: [["atumpan_hub_stream_replicas_current / atumpan_hub_stream_replicas", "{{stream}}"], ["atumpan_hub_stream_replica_lag_entries", "{{stream}} behind"], ["atumpan_hub_stream_leaderless", "{{stream}} without leader"]] },
    { title: "Streams", draws: [["atumpan_hub_streams", "{{stream}}"]] },
    { title: "Chunks of files", draws: [["sum by (outcome) (rate(atumpan_hub_chunks_total[5m]))", "{{outcome}}"]] },
    { title: "Certificates end in", unit: "s", draws: [["atumpan_hub_cert_expiry_seconds", "{{kind}}"]] },
    { title: "Disk free", unit: "percentunit", draws: [["atumpan_disk_free_bytes / atumpan_disk_size_bytes", "free"]] },
    { title: "Memory", unit: "bytes", draws: [["process_resident_memory_bytes", "all"], ["nodejs_heap_size_used_bytes", "objects"]] },
    { title: "Processor and waits", draws: [["rate(process_cpu_seconds_total[5m])", "processors"], ["nodejs_eventloop_lag_max_seconds", "longest wait"], ["process_open_fds", "open files"]] },
  ],
}; // prettier-ignore

const log: Dashboard = {
  name: "log", title: "Atumpan · log", job: "atumpan-hub|atumpan-gateway",
  panels: [
    { title: "Stopped", isStat: true, draws: [["atumpan_hub_log_stopped"]] },
    { title: "Waits", isStat: true, draws: [["atumpan_hub_log_waiting"]] },
    { title: "Disputed", isStat: true, draws: [["atumpan_hub_log_disputed"]] },
    { title: "Full in", isStat: true, unit: "s", draws: [["atumpan_hub_log_full_in_seconds"]] },
    { title: "Entries", draws: [["atumpan_hub_log_entries", "at the hub"], ["atumpan_hub_log_cosigned_entries", "cosigned"], ["atumpan_log_verified_entries", "verified by {{instance}}"]] },
    { title: "Age", unit: "s", draws: [["atumpan_hub_log_checkpoint_age_seconds", "checkpoint"], ["atumpan_hub_log_cosigned_age_seconds", "cosigned"], ["atumpan_log_verified_age_seconds", "verified by {{instance}}"]] },
    { title: "Room", unit: "bytes", draws: [["atumpan_hub_log_size_bytes", "used"], ["atumpan_hub_log_max_bytes", "all"]] },
    { title: "Witnesses", draws: [["atumpan_hub_log_witnesses_missing", "missing"]] },
    { title: "Too few cosign since", unit: "s", draws: [["atumpan_hub_log_quorum_missing_seconds", "at the hub"], ["atumpan_log_witnesses_late_seconds", "seen by {{instance}}"]] },
    { title: "The log that was verified", draws: [["atumpan_log_consistent", "{{instance}}"]] },
    { title: "Not proved", draws: [["atumpan_log_unproved_messages", "{{instance}} {{flag}}"]] },
    { title: "Alarms", draws: [["sum by (code) (atumpan_log_alarms)", "{{code}}"]] },
    { title: "Acts that wait", draws: [["atumpan_log_acts_waiting", "{{instance}}"], ["atumpan_log_acts_wait_seconds", "{{instance}} oldest, seconds"]] },
  ],
}; // prettier-ignore

const gateway: Dashboard = {
  name: "gateway", title: "Atumpan · gateway", job: "atumpan-gateway",
  panels: [
    { title: "Link", isStat: true, draws: [["atumpan_link_up", "{{hub}}"]] },
    { title: "Store takes messages", isStat: true, draws: [["atumpan_store_writable"]] },
    { title: "Register in date for", isStat: true, unit: "s", draws: [["atumpan_register_expiry_seconds"]] },
    { title: "Register", isStat: true, draws: [["atumpan_register_epoch", "epoch"]] },
    { title: "Canary", unit: "s", draws: [["atumpan_canary_round_seconds", "through {{hub}}"], ["atumpan_canary_back_age_seconds", "last back from {{hub}}"]] },
    { title: "Canaries", draws: [["increase(atumpan_canary_sent_total[1h])", "sent to {{hub}}"], ["increase(atumpan_canary_back_total[1h])", "back from {{hub}}"], ["increase(atumpan_canary_lost_total[1h])", "lost at {{hub}}"], ["atumpan_canary_late", "late at {{hub}}"]] },
    { title: "Last heard", unit: "s", draws: [["atumpan_link_contact_age_seconds", "{{hub}}"]] },
    { title: "Line", unit: "Bps", draws: [["atumpan_link_bytes_per_second", "{{direction}}"]] },
    { title: "Waiting", draws: [["atumpan_queue_messages", "{{urgency}}"], ["atumpan_link_waiting_messages", "for {{hub}}"]] },
    { title: "Oldest that waits", unit: "s", draws: [["atumpan_queue_age_seconds", "{{urgency}}"]] },
    { title: "Bytes that wait", unit: "bytes", draws: [["atumpan_queue_size_bytes", "{{urgency}}"]] },
    { title: "Sent and received, by handling", draws: [["sum by (direction, handling) (increase(atumpan_messages_total[1h]))", "{{direction}} {{handling}}"]] },
    { title: "Sent and received, by family", draws: [["sum by (direction, family) (increase(atumpan_messages_family_total[1h]))", "{{direction}} {{family}}"]] },
    { title: "From the outbox to the last reader, nine of ten", unit: "s", draws: [["histogram_quantile(0.9, sum by (le, urgency) (rate(atumpan_delivery_seconds_bucket[1h])))", "{{urgency}}"]] },
    { title: "Refused, expired, erased", draws: [["sum by (code) (increase(atumpan_messages_refused_total[1h]))", "refused {{code}}"], ["increase(atumpan_messages_expired_total[1h])", "expired"], ["sum by (why) (increase(atumpan_messages_erased_total[1h]))", "erased {{why}}"]] },
    { title: "Not proved", draws: [["atumpan_quarantined_messages", "in quarantine"], ["sum by (code) (increase(atumpan_messages_quarantined_total[1h]))", "{{code}}"], ["atumpan_key_waits_messages", "closed until their key comes"]] },
    { title: "Work that waits", draws: [["atumpan_releases_waiting", "for a second officer"], ["atumpan_deadlines_missed", "{{flag}}"], ["atumpan_inbox_messages", "inbox"]] },
    { title: "A second officer is awaited for", unit: "s", draws: [["atumpan_approval_wait_seconds"]] },
    { title: "Certificates end in", unit: "s", draws: [["atumpan_cert_expiry_seconds", "{{kind}}"]] },
    { title: "Keys and directory", draws: [["atumpan_sealing_keys_unconfirmed", "keys that need a person"], ["atumpan_directory_entries", "{{flag}}"]] },
    { title: "Clock off by", unit: "s", draws: [["atumpan_clock_behind_seconds", "behind"], ["atumpan_clock_ahead_seconds", "ahead"]] },
    { title: "Requests refused", draws: [["sum by (code) (increase(atumpan_reject_total[15m]))", "{{code}}"]] },
    { title: "Store and disk", unit: "bytes", draws: [["atumpan_store_size_bytes", "store"], ["atumpan_disk_free_bytes", "disk free"]] },
    { title: "Learns what came since", draws: [["atumpan_store_catching_up"]] },
    { title: "Memory", unit: "bytes", draws: [["process_resident_memory_bytes", "all"], ["nodejs_heap_size_used_bytes", "objects"]] },
    { title: "Processor and waits", draws: [["rate(process_cpu_seconds_total[5m])", "processors"], ["nodejs_eventloop_lag_max_seconds", "longest wait"]] },
  ],
}; // prettier-ignore

/** Every dashboard. */
export const dashboards: readonly Dashboard[] = [hub, log, gateway];
