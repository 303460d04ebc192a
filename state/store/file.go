package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// placed is what has to be true of the file before SQLite sees it.
type placed struct {
	path   string
	mode   fs.FileMode
	gid    int // -1: whatever the folder gives
	exists bool
}

// place checks the folder and the file, and makes the folder when it is
// missing.
func place(o Options) (placed, error) {
	p := placed{path: o.Path, mode: 0o600, gid: -1}
	if o.Group != "" {
		gid, err := lookupGroup(o.Group)
		if err != nil {
			return p, fail(o.Path, "cannot be shared: this host has no group "+quote(o.Group)+
				". Make the group or correct the profile", err)
		}
		p.mode, p.gid = 0o660, gid
	}
	dir := filepath.Dir(o.Path)
	if kind := NetworkFS(dir); kind != "" {
		return p, fail(o.Path, "is on a network file system ("+kind+"), where locks cannot be "+
			"trusted and two desks could hold the same time. Choose a folder on a local disk", nil)
	}
	if err := folder(dir, p); err != nil {
		return p, err
	}
	return p, p.look()
}

// NetworkFS names the network file system that dir is on, or would be when it
// is made; empty when it is none, or this system does not tell.
func NetworkFS(dir string) string { return networkFS(existing(dir)) }

// existing is the nearest folder above dir, or dir itself, that is there.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// folder makes the folder, or checks the one that is there.
func folder(dir string, p placed) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return makeFolder(dir, p)
	}
	if err != nil {
		return fail(p.path, "cannot be reached: its folder cannot be read", err)
	}
	if !info.IsDir() {
		return fail(p.path, "cannot be made: what should be its folder is a file", nil)
	}
	if info.Mode().Perm()&0o002 != 0 {
		return fail(p.path, "is in a folder that every account may write to. Use: chmod o-w "+dir, nil)
	}
	if p.gid >= 0 && (info.Mode()&fs.ModeSetgid == 0 || info.Mode().Perm()&0o070 != 0o070 ||
		groupOf(info) != p.gid) {
		return fail(p.path, "is in a folder that is not prepared for sharing. Give the folder to "+
			"the group and use: chmod 2770 "+dir, nil)
	}
	return nil
}

// makeFolder makes the missing folders; the last one gets the group. The
// modes are set afterwards because the umask may have cut them.
func makeFolder(dir string, p placed) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(p.path, "cannot be made: its folder cannot be made", err)
	}
	if p.gid < 0 {
		return nil
	}
	if err := os.Chown(dir, -1, p.gid); err != nil {
		return fail(p.path, "cannot be shared: this account may not give its folder to the group", err)
	}
	if err := os.Chmod(dir, 0o770|fs.ModeSetgid); err != nil {
		return fail(p.path, "cannot be shared: its folder cannot be opened to the group", err)
	}
	return nil
}

// look finds the file and narrows or widens its mode when it is ours.
func (p *placed) look() error {
	info, err := os.Lstat(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fail(p.path, "cannot be read", err)
	}
	if !info.Mode().IsRegular() {
		return fail(p.path, "is not an ordinary file. Move it away or name another one", nil)
	}
	p.exists = true
	if info.Mode().Perm() == p.mode && (p.gid < 0 || groupOf(info) == p.gid) {
		return nil
	}
	if err := p.own(p.path); err != nil {
		return fail(p.path, "is open to the wrong accounts and this account may not change that. "+
			"Ask its owner to correct the mode and the group", err)
	}
	return nil
}

// own gives the file at path its mode and group.
func (p *placed) own(path string) error {
	if p.gid >= 0 {
		if err := os.Chown(path, -1, p.gid); err != nil {
			return err
		}
	}
	return os.Chmod(path, p.mode)
}

// create makes the whole database under another name and links it into place,
// so that other processes see it complete or not at all, with its mode right
// whatever the umask. Losing the race for the name is fine.
func create(ctx context.Context, p placed, o Options) error {
	temp, err := p.temp()
	if err != nil {
		return err
	}
	defer removeAll(temp)
	d := connect(temp, "")
	// Nobody knows the file yet: it goes to the disk once, when it is whole.
	_, err = d.writer.ExecContext(ctx, "PRAGMA synchronous = OFF")
	if err == nil {
		err = d.migrate(ctx, placed{path: temp}, o.Migrations)
	}
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	var own *Error
	if errors.As(err, &own) {
		own.Path = p.path // not of the file nobody shall look for
	}
	if err != nil {
		return d.explain(err)
	}
	if err := flush(temp); err != nil {
		return fail(p.path, "cannot be made", err)
	}
	if err := os.Link(temp, p.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fail(p.path, "cannot be made", err)
	}
	return nil
}

// flush waits until what was written to a file is on the disk.
func flush(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// temp is a new empty file beside p with p's mode and group.
func (p *placed) temp() (string, error) {
	f, err := os.CreateTemp(filepath.Dir(p.path), "."+filepath.Base(p.path)+".new-*")
	if err != nil {
		return "", fail(p.path, "cannot be made: its folder cannot be written to", err)
	}
	defer f.Close()
	if err := p.own(f.Name()); err != nil {
		os.Remove(f.Name())
		return "", fail(p.path, "cannot be made with the right mode and group", err)
	}
	return f.Name(), nil
}

// removeAll removes a temporary database and what SQLite put beside it.
func removeAll(path string) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(path + end)
	}
}
