-- What detectors found. A finding is written again with every revision; the newest replaces the others as parts merge.
-- Read findings_latest, which has only the newest.
CREATE TABLE IF NOT EXISTS findings
(
    id                String                 COMMENT 'The same episode has the same id, also when the log is read again.',
    revision          UInt32                 COMMENT '1, 2, …; the highest is the newest state.',
    ingested_at       DateTime('UTC')        DEFAULT now() COMMENT 'When the row was stored.',
    activity          Enum8('unknown' = 0, 'create' = 1, 'update' = 2, 'close' = 3) COMMENT 'What became of the finding with this revision.',
    detector          LowCardinality(String) COMMENT 'Detector that speaks.',
    severity          Enum8('unknown' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'How much it matters; ordered.',
    score             Float64                COMMENT '0–100, comparable between detectors.',
    confidence        Float64                COMMENT '0–1, that the statement is true.',
    entity_type       LowCardinality(String) COMMENT 'Kind of the entity: network, prefix, principal, …',
    entity            String                 COMMENT 'The entity; of a network, what events.network has.',
    related           Array(Tuple(type LowCardinality(String), value String)) COMMENT 'Other entities that took part.',
    service           LowCardinality(String) COMMENT 'Service that was attacked.',
    title             String                 COMMENT 'One line for people.',
    description       String                 COMMENT 'What was seen, for people.' CODEC(ZSTD(3)),
    first_seen        DateTime64(9, 'UTC')   COMMENT 'Time of the first event that is evidence.',
    last_seen         DateTime64(9, 'UTC')   COMMENT 'Time of the last event that is evidence.',
    count             Int64                  COMMENT 'Events that are evidence.',
    evidence          Map(LowCardinality(String), Float64) COMMENT 'Named numbers.',
    has_baseline      Bool                   COMMENT 'Whether the columns baseline_… say something.',
    baseline_observed Float64                COMMENT 'What was observed.',
    baseline_expected Float64                COMMENT 'What is normal.',
    baseline_low      Float64                COMMENT 'Lower end of what is normal.',
    baseline_high     Float64                COMMENT 'Upper end of what is normal.',
    baseline_surprise Float64                COMMENT 'Minus the decimal logarithm of the probability of a value at least as extreme.',
    samples           Array(String)          COMMENT 'Up to five events, as JSON objects.' CODEC(ZSTD(3)),
    attack            Array(LowCardinality(String)) COMMENT 'MITRE ATT&CK technique ids.',
    owasp             Array(LowCardinality(String)) COMMENT 'OWASP API Security Top 10 ids.',
    oat               Array(LowCardinality(String)) COMMENT 'OWASP Automated Threat ids.',
    raw               String                 COMMENT 'The finding as JSON, as programs receive it.' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY id
TTL ingested_at + INTERVAL 400 DAY
COMMENT 'What detectors found, by revision.';

CREATE VIEW IF NOT EXISTS findings_latest AS SELECT * FROM findings FINAL;
