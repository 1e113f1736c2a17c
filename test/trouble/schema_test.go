package trouble

import (
	"testing"
)

// schemaAtStart: the detector finds tables that are not those it was built for. It says which column and what to do, waits,
// and begins by itself when they are.
func schemaAtStart(t *testing.T, sh shared) {
	s := newStand(t, sh, 1)
	s.start("detector", "", "").terminate() // it makes the tables
	for _, tt := range []struct {
		name, spoil, mend string
		want              []string
	}{
		{
			"newer", "INSERT INTO schema_migrations (version, name) VALUES (9999, '9999_later.sql')",
			"ALTER TABLE schema_migrations DELETE WHERE version = 9999 SETTINGS mutations_sync = 2",
			[]string{"the schema is newer than this program", "9999_later.sql", "upgrade gatewatch"},
		},
		{
			"missing", "ALTER TABLE events DROP COLUMN referrer", "ALTER TABLE events ADD COLUMN referrer String AFTER user_agent",
			[]string{"table trouble_schemaatstart.events has no column referrer", "ALTER TABLE"},
		},
		{
			"renamed", "ALTER TABLE findings RENAME COLUMN title TO headline", "ALTER TABLE findings RENAME COLUMN headline TO title",
			[]string{"table trouble_schemaatstart.findings has no column title", "ALTER TABLE"},
		},
		{
			"other type", "ALTER TABLE events MODIFY COLUMN referrer LowCardinality(String)", "ALTER TABLE events MODIFY COLUMN referrer String",
			[]string{"column referrer of table trouble_schemaatstart.events has type LowCardinality(String), not String", "ALTER TABLE"},
		},
	} {
		s.exec(tt.spoil)
		p := s.program("detector", "", "")
		p.start()
		p.unready(append(tt.want, "preparing clickhouse")...)
		p.tells(append(tt.want, "attempt failed, trying again")...)
		s.exec(tt.mend)
		p.ready()
		p.quiet(20)
		p.terminate()
	}
}

// schemaChanged: somebody renames a column while events stream in. Nothing is stored until it has its name again, and then
// everything is, once.
func schemaChanged(t *testing.T, sh shared) {
	s := newStand(t, sh, 1)
	ingest, detector := s.start("ingest", "", ""), s.start("detector", "", "")
	s.produce(asks(200, "203.0.113.1", "before", 200)...)
	s.stored(200)
	s.exec("ALTER TABLE events RENAME COLUMN user_agent TO agent")
	s.produce(asks(200, "203.0.113.1", "during", 200)...)
	detector.unready("clickhouse", "storing events", "user_agent", "the tables are not those that this program expects: undo what was changed by hand")
	detector.tells("attempt failed, trying again", "storing events", "user_agent")
	s.exec("ALTER TABLE events RENAME COLUMN agent TO user_agent")
	s.produce(asks(200, "203.0.113.1", "after", 200)...)
	s.stored(600)
	detector.ready()
	for _, p := range []*program{ingest, detector} {
		p.quiet(30)
		p.terminate()
	}
}
