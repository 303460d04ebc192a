package store

import (
	"reflect"

	"golang.org/x/sys/unix"
)

// setMagic puts a file system's magic number into st; its field has another
// width on each machine.
func setMagic(st *unix.Statfs_t, magic uint32) error {
	reflect.ValueOf(st).Elem().FieldByName("Type").SetInt(int64(magic))
	return nil
}
