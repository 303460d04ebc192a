package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// largest is far more than any profile file needs.
const largest = 1 << 20

// read returns the file's bytes, none when it is missing.
func read(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = inspect(path, info)
	}
	if err != nil {
		return nil, wrap(path, "cannot be read", err)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return nil, wrap(path, "cannot be read", err)
	}
	defer f.Close()
	// The file may have been exchanged since: what is open counts.
	if info, err = f.Stat(); err == nil {
		err = inspect(path, info)
	}
	if err != nil {
		return nil, wrap(path, "cannot be read", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err != nil {
		return nil, wrap(path, "cannot be read", err)
	}
	if len(data) > largest {
		return nil, &Error{Path: path, words: "is larger than a profile file can be. Move it away"}
	}
	return data, nil
}

// inspect refuses what somebody else could have placed or could change.
func inspect(path string, info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return &Error{Path: path, words: "is a link, which frontdesk does not follow. " +
			"Put the file itself in its place"}
	case !info.Mode().IsRegular():
		return &Error{Path: path, words: "is not an ordinary file. Move it away"}
	case foreign(info):
		return &Error{Path: path, words: "belongs to another account. Put a copy of your own in its place"}
	case shared(info):
		return &Error{Path: path, words: "can be changed by other accounts. Use: chmod go-w " + path}
	}
	return nil
}

// write replaces the file at path: a new file beside it, made durable, takes
// its name.
func write(path string, data []byte) error {
	info, err := os.Lstat(path)
	switch {
	case err == nil:
		err = inspect(path, info)
	case errors.Is(err, fs.ErrNotExist):
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err != nil {
		return wrap(path, "cannot be written", err)
	}
	temp, err := stage(path, data)
	if err != nil {
		return wrap(path, "cannot be written; the old one is unchanged", err)
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return wrap(path, "cannot be written; the old one is unchanged", err)
	}
	return wrap(path, "was written but may be lost if the power fails now", syncFolder(filepath.Dir(path)))
}

// stage writes data durably to a new 0600 file beside path.
func stage(path string, data []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*.tmp") // 0600 whatever the umask
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// wrap makes a sentence of a system error and leaves ours as they are.
func wrap(path, words string, err error) error {
	if own := (*Error)(nil); err == nil || errors.As(err, &own) {
		return err
	}
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err // the path is in the sentence already
	}
	return &Error{Path: path, words: words, cause: err}
}
