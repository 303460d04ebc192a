package store

import "context"

// Tables are what transactions run on: a DB, or what opens one when it is first
// needed. Read and Write promise what those of a DB do.
type Tables interface {
	Read(ctx context.Context, fn func(tx *Tx) error) error
	Write(ctx context.Context, fn func(tx *Tx) error) error
}
