package enroll

import _ "embed"

//go:embed schema.sql
var schema string

//go:embed alike.sql
var alikeSchema string

// Migrations are the book's tables, for store.Options. Only ever add to the
// end.
var Migrations = []string{schema, alikeSchema}
