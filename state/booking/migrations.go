package booking

import _ "embed"

//go:embed schema.sql
var schema string

//go:embed coded.sql
var coded string

// Migrations are the ledger's tables, for store.Options. Only ever add to the
// end.
var Migrations = []string{schema, coded}
