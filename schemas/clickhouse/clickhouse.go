// Package clickhouse holds the schema of the store: numbered files of SQL, each of which brings the database from one
// version to the next. They are applied in order, once, and never change after that.
package clickhouse

import "embed"

// Files are the migrations, named NNNN_what_it_does.sql.
//
//go:embed *.sql
var Files embed.FS
