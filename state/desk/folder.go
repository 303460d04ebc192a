package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"frontdesk/state/files"
)

// busyLimit is how long a line waits for another session's.
const busyLimit = 10 * time.Second

// rule is what makes the trail this account's: nobody else may write to it.
var rule = files.Rule{Closed: 0o022}

// folder is the trail's folder while this session alone writes to it.
type folder struct {
	dir, stem string
	close     func()
	last      string // newest month that has a file
	step      func(string) error
}

// openFolder makes the folder if it is missing, checks it and waits its turn.
func openFolder(ctx context.Context, dir, stem string, step func(string) error) (*folder, error) {
	if err := step("folder"); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	err := rule.Folder(dir)
	if _, flawed := errors.AsType[files.Flaw](err); flawed {
		return nil, refuse("The folder of the audit trail can be changed by other accounts. Use: chmod 700 %s", dir)
	}
	if err != nil {
		return nil, err
	}
	f := &folder{dir: dir, stem: stem, step: step}
	ctx, cancel := context.WithTimeoutCause(ctx, busyLimit, refuse("Another session is writing to the audit trail. Try again."))
	defer cancel()
	if f.close, err = files.Lock(ctx, filepath.Join(dir, "."+stem+".lock")); err != nil {
		return nil, err
	}
	months, err := f.months()
	if err != nil {
		f.close()
		return nil, err
	}
	if len(months) > 0 {
		f.last = months[len(months)-1]
	}
	return f, nil
}

// path is the file of a month.
func (f *folder) path(month string) string {
	return filepath.Join(f.dir, f.stem+"-"+month+".jsonl")
}

// months are those that have a file, in order.
func (f *folder) months() ([]string, error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		month, ok := strings.CutPrefix(e.Name(), f.stem+"-")
		month, end := strings.CutSuffix(month, ".jsonl")
		if _, err := time.Parse("2006-01", month); ok && end && err == nil {
			found = append(found, month)
		}
	}
	slices.Sort(found)
	return found, nil
}

// open opens the file of a month, which must be this account's alone.
func (f *folder) open(month string, flag int) (*os.File, error) {
	if err := f.step("open"); err != nil {
		return nil, err
	}
	file, err := rule.Open(f.path(month), flag)
	if _, flawed := errors.AsType[files.Flaw](err); flawed {
		return nil, refuse("A file of the audit trail can be changed by other accounts or is no file. Use: chmod 600 %s", f.path(month))
	}
	return file, err
}

// longestLine is far more than a line can have.
const longestLine = 16 << 10

// repair cuts off what a crash left of a line at the end and returns the last
// whole line, a zero one when it is not readable, and the bytes cut.
func (f *folder) repair() (last Line, torn int, err error) {
	if f.last == "" {
		return Line{}, 0, nil
	}
	file, err := f.open(f.last, os.O_RDWR)
	if err != nil {
		return Line{}, 0, err
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return Line{}, 0, err
	}
	from := max(0, size-longestLine)
	tail := make([]byte, size-from)
	if _, err := file.ReadAt(tail, from); err != nil && !errors.Is(err, io.EOF) {
		return Line{}, 0, err
	}
	whole := bytes.LastIndexByte(tail, '\n') + 1
	if torn = len(tail) - whole; torn > 0 {
		if err := f.cut(file, size-int64(torn)); err != nil {
			return Line{}, 0, err
		}
	}
	line := tail[:max(0, whole-1)]
	l, ok := parse(line[bytes.LastIndexByte(line, '\n')+1:])
	if !ok {
		l = Line{}
	}
	return l, torn, nil
}

func (f *folder) cut(file *os.File, size int64) error {
	if err := f.step("cut"); err != nil {
		return err
	}
	if err := file.Truncate(size); err != nil {
		return err
	}
	return file.Sync()
}

// append adds a line to the file of a month and waits until it is on the disk.
// What could be written of a line that failed is taken away again; if that
// fails too, the next repair does it.
func (f *folder) append(month string, line []byte) error {
	_, err := os.Lstat(f.path(month))
	fresh := errors.Is(err, fs.ErrNotExist)
	file, err := f.open(month, os.O_WRONLY|os.O_APPEND|os.O_CREATE)
	if err != nil {
		return err
	}
	defer file.Close()
	before, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if err := f.write(file, line); err != nil {
		_ = f.cut(file, before)
		return err
	}
	if err := f.step("sync"); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if fresh {
		f.last = month
		return files.SyncFolder(f.dir)
	}
	return nil
}

func (f *folder) write(file *os.File, line []byte) error {
	if err := f.step("write"); err != nil {
		_, _ = file.Write(line[:len(line)/2]) // as a full disk does
		return err
	}
	_, err := file.Write(line)
	return err
}
