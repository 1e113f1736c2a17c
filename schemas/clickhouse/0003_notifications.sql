-- What people were told. A notification is written again with every attempt; the newest replaces the others.
CREATE TABLE IF NOT EXISTS notifications
(
    id            String                 COMMENT 'The same notification has the same id, also when it is made again.',
    incident      String                 COMMENT 'Id of the incident it tells of.',
    receiver      LowCardinality(String) COMMENT 'Name of the receiver.',
    kind          LowCardinality(String) COMMENT 'Kind of the receiver: slack, pagerduty, webhook.',
    activity      LowCardinality(String) COMMENT 'What became of the incident: create, update, close.',
    severity      Enum8('unknown' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Severity of the incident.',
    title         String                 COMMENT 'One line for people.',
    findings      Array(String)          COMMENT 'Ids of the findings in the incident.',
    status        LowCardinality(String) COMMENT 'pending, delivered, or dead when it was given up.',
    attempts      UInt32                 COMMENT 'How often it was sent.',
    error         String                 COMMENT 'Why the last attempt failed; it holds no secret.',
    created_at    DateTime64(3, 'UTC')   COMMENT 'When the notification was made.',
    updated_at    DateTime64(3, 'UTC')   COMMENT 'When its status last changed; the newest row counts.'
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY id
TTL toDateTime(created_at) + INTERVAL 400 DAY
COMMENT 'What people were told.';
