package secrets

import (
	"bytes"
	"maps"
	"os"

	"frontdesk/state/files"
)

// commit replaces the vault file, whose bytes are old (nil: there is none),
// by the sealed items. The caller holds the folder's lock. The old file stays
// beside it until the new one was read back and opened, so at every moment,
// power cuts included, one of the two is whole. After an error the old file
// is in its place.
func (v *vault) commit(pass, old []byte, items map[string]Bundle) ([]byte, error) {
	sealed, err := seal(items, pass)
	if err != nil {
		return nil, err
	}
	sweep(v.dir)
	if old != nil {
		err = v.put("copy", v.bak, old)
	}
	if err == nil {
		err = v.put("vault", v.path, sealed)
	}
	if err == nil {
		err = v.step("read back", func() error { return v.prove(pass, sealed, items) })
	}
	if err != nil {
		v.undo(old)
		return nil, wrap("The vault cannot be saved; what was in it before is unchanged", err)
	}
	_ = v.step("clean", func() error { return os.Remove(v.bak) }) // the next change replaces it
	return sealed, nil
}

// put makes data durable under path: a new file takes the name.
func (v *vault) put(what, path string, data []byte) error {
	var temp string
	err := v.step("write "+what, func() (err error) {
		temp, err = files.Stage(v.dir, tempHead+"*"+tempTail, data)
		return err
	})
	if err == nil {
		err = v.step("rename "+what, func() error { return os.Rename(temp, path) })
	}
	if err == nil {
		err = v.step("settle "+what, func() error { return files.SyncFolder(v.dir) })
	}
	return err
}

// prove reads the file back and opens it.
func (v *vault) prove(pass, sealed []byte, items map[string]Bundle) error {
	back, err := readFile(v.path)
	if err != nil {
		return err
	}
	if !bytes.Equal(back, sealed) {
		return ErrDiffers
	}
	opened, err := unseal(back, pass)
	if err != nil || !maps.EqualFunc(opened, items, Bundle.same) {
		return ErrDiffers
	}
	return nil
}

// undo puts the old file back after a step failed.
func (v *vault) undo(old []byte) {
	sweep(v.dir)
	if old == nil {
		os.Remove(v.path)
		return
	}
	if now, err := readFile(v.path); err == nil && bytes.Equal(now, old) {
		os.Remove(v.bak)
		return
	}
	if os.Rename(v.bak, v.path) == nil {
		_ = files.SyncFolder(v.dir)
	}
}
