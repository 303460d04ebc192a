package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"frontdesk/state/files"
)

// largest is far more than any profile file needs.
const largest = 1 << 20

// rule is whose a profile file may be. Others may read it: nothing secret is
// in it.
var rule = files.Rule{Root: true, Closed: 0o022}

// read returns the file's bytes, none when it is missing.
func read(path string) ([]byte, error) {
	data, err := rule.Read(path, largest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, wrap(path, "cannot be read", err)
}

// write replaces the file at path: a new file beside it, made durable, takes
// its name.
func write(path string, data []byte) error {
	err := rule.File(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err != nil {
		return wrap(path, "cannot be written", err)
	}
	temp, err := files.Stage(filepath.Dir(path), ".config-*.tmp", data)
	if err != nil {
		return wrap(path, "cannot be written; the old one is unchanged", err)
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return wrap(path, "cannot be written; the old one is unchanged", err)
	}
	return wrap(path, "was written but may be lost if the power fails now", files.SyncFolder(filepath.Dir(path)))
}

// wrap makes a sentence of a flaw or a system error.
func wrap(path, words string, err error) error {
	if err == nil {
		return nil
	}
	if flaw, ok := errors.AsType[files.Flaw](err); ok {
		return &Error{Path: path, words: refusal(path, flaw)}
	}
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = pe.Err // the path is in the sentence already
	}
	return &Error{Path: path, words: words, cause: err}
}

// refusal is the sentence on what somebody else could have placed or could
// change.
func refusal(path string, flaw files.Flaw) string {
	switch flaw {
	case files.Link:
		return "is a link, which frontdesk does not follow. Put the file itself in its place"
	case files.Foreign:
		return "belongs to another account. Put a copy of your own in its place"
	case files.Exposed:
		return "can be changed by other accounts. Use: chmod go-w " + path
	case files.Large:
		return "is larger than a profile file can be. Move it away"
	}
	return "is not an ordinary file. Move it away"
}
