-- Every HTTP request, one row each.
--
-- The key serves the two questions analysts ask: what happened to a service at a time, and what did a network do. Rows
-- are kept by when they came in, not by what their log says: history that is read in today stays for as long as
-- today's traffic does. Numbers that a log may leave out are 0 then; the bit in `logged` tells the two apart, and the
-- has_… columns spell it out: avgIf(duration_us, has_duration).
CREATE TABLE IF NOT EXISTS events
(
    timestamp        DateTime64(9, 'UTC')   COMMENT 'When the request was received or logged, as the log says.' CODEC(Delta(8), ZSTD(1)),
    ingested_at      DateTime('UTC')        DEFAULT now() COMMENT 'When the row was stored.' CODEC(Delta(4), ZSTD(1)),
    event_id         FixedString(16)        COMMENT 'Hash of the origin: the same record has the same id however often it is read. As text: id.' CODEC(NONE),
    source_topic     LowCardinality(String) COMMENT 'Origin: the Kafka topic, or file or endpoint, that the line came from.',
    source_partition Int32                  COMMENT 'Origin: the partition.' CODEC(T64, ZSTD(1)),
    source_offset    Int64                  COMMENT 'Origin: the offset of the record.' CODEC(Delta(8), ZSTD(1)),
    source_ordinal   Int32                  COMMENT 'Origin: which event of the record.' CODEC(T64, ZSTD(1)),
    service          LowCardinality(String) COMMENT 'Service that logged the request.',
    network          String                 COMMENT 'Network entity, as findings name it: an IPv4 address, an IPv6 /64, or a host name.' CODEC(ZSTD(1)),
    client_ip        IPv6                   COMMENT 'Client behind trusted proxies; IPv4 as ::ffff:a.b.c.d, :: when not logged.' CODEC(ZSTD(1)),
    peer_ip          IPv6                   COMMENT 'TCP peer that the gateway saw; :: when not logged.' CODEC(ZSTD(1)),
    client_host      String                 COMMENT 'Name of the client, only where the log has one in place of an address.' CODEC(ZSTD(1)),
    xff              String                 COMMENT 'X-Forwarded-For as logged. Its left part is whatever the client sent.' CODEC(ZSTD(1)),
    method           LowCardinality(String) COMMENT 'Request method as sent.',
    scheme           LowCardinality(String) COMMENT 'URL scheme.',
    host             LowCardinality(String) COMMENT 'Host that the client asked for.',
    path             String                 COMMENT 'Raw path before any decoding, without the query.' CODEC(ZSTD(1)),
    query            String                 COMMENT 'Raw query without the question mark; secret-looking values are replaced by a keyed hash.' CODEC(ZSTD(1)),
    route            LowCardinality(String) COMMENT 'Template of the route.',
    http_version     LowCardinality(String) COMMENT 'HTTP version: 1.0, 1.1, 2, 3.',
    status           Int32                  COMMENT 'HTTP status; 0 with has_status when the client left before an answer.' CODEC(T64, ZSTD(1)),
    bytes_in         Int64                  COMMENT 'Size of the request, headers and body.' CODEC(T64, ZSTD(1)),
    bytes_out        Int64                  COMMENT 'Size of the response, headers and body.' CODEC(T64, ZSTD(1)),
    body_bytes_out   Int64                  COMMENT 'Size of the body of the response.' CODEC(T64, ZSTD(1)),
    duration_us      Int64                  COMMENT 'First byte of the request to last byte of the response, in microseconds.' CODEC(T64, ZSTD(1)),
    upstream_us      Int64                  COMMENT 'The part of it that the upstream took, in microseconds.' CODEC(T64, ZSTD(1)),
    asn              UInt32                 COMMENT 'Number of the autonomous system of the client.' CODEC(T64, ZSTD(1)),
    logged           UInt8                  COMMENT 'Which of the numbers were logged: bits 0 status, 1 bytes_in, 2 bytes_out, 3 body_bytes_out, 4 duration_us, 5 upstream_us, 6 asn.',
    user_agent       String                 COMMENT 'User-Agent as sent.' CODEC(ZSTD(1)),
    referrer         String                 COMMENT 'Referer as sent; secret-looking query values are replaced by a keyed hash.' CODEC(ZSTD(1)),
    request_id       String                 COMMENT 'The id that the gateway gave the request.' CODEC(ZSTD(1)),
    principal        String                 COMMENT 'Authenticated user or consumer, as the gateway names it.' CODEC(ZSTD(1)),
    credential       String                 COMMENT 'Keyed hash of the API key or token, never the secret.' CODEC(ZSTD(1)),
    session          String                 COMMENT 'Keyed hash of the session cookie or id.' CODEC(ZSTD(1)),
    trace_id         String                 COMMENT 'Trace id.' CODEC(ZSTD(1)),
    span_id          String                 COMMENT 'Span id.' CODEC(ZSTD(1)),
    tls_version      LowCardinality(String) COMMENT 'TLS version of the connection of the client.',
    sni              LowCardinality(String) COMMENT 'Server name that the TLS client asked for.',
    ja4              LowCardinality(String) COMMENT 'JA4 fingerprint of the TLS client.',
    country          LowCardinality(String) COMMENT 'Country of the client: ISO 3166-1 alpha-2.',
    as_org           LowCardinality(String) COMMENT 'Organisation of the autonomous system.',
    request_line     String                 COMMENT 'Raw request, only when it was no HTTP.' CODEC(ZSTD(1)),
    unmapped         Map(LowCardinality(String), String) COMMENT 'Fields of the line that have no column.' CODEC(ZSTD(1)),

    id                 String ALIAS lower(hex(event_id)) COMMENT 'event_id as the samples of findings have it. To look one up fast: WHERE event_id = unhex(''…'').',
    has_status         Bool ALIAS bitTest(logged, 0) COMMENT 'Whether status was logged.',
    has_bytes_in       Bool ALIAS bitTest(logged, 1) COMMENT 'Whether bytes_in was logged.',
    has_bytes_out      Bool ALIAS bitTest(logged, 2) COMMENT 'Whether bytes_out was logged.',
    has_body_bytes_out Bool ALIAS bitTest(logged, 3) COMMENT 'Whether body_bytes_out was logged.',
    has_duration       Bool ALIAS bitTest(logged, 4) COMMENT 'Whether duration_us was logged.',
    has_upstream       Bool ALIAS bitTest(logged, 5) COMMENT 'Whether upstream_us was logged.',
    has_asn            Bool ALIAS bitTest(logged, 6) COMMENT 'Whether asn is known.',

    INDEX by_event_id   event_id   TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_client_ip  client_ip  TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_request_id request_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = MergeTree
PARTITION BY toDate(timestamp)
ORDER BY (service, toStartOfHour(timestamp), network, timestamp)
TTL ingested_at + INTERVAL 30 DAY
SETTINGS
    ttl_only_drop_parts = 1,
    -- By default a single server remembers no insert, and would store twice what is sent twice.
    non_replicated_deduplication_window = 10000,
    -- What one insert brings is written to one file, not to one for every column: half the work. Merges make the many.
    min_bytes_for_wide_part = 268435456
COMMENT 'HTTP requests as gateways and services logged them.';
