package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The first line of the file contains its format and version, so that files with another version are recognized.
const (
	format  = "troupe local cloud data "
	version = 1
)

const (
	fileName = "journal"
	nextName = "journal.next" // while it is being written
	lockName = "lock"
)

// Error says what is wrong with a data folder, and what to do about it.
type Error struct {
	Dir, Problem string
	Err          error // from the system; may be nil
}

func (e *Error) Error() string {
	text := "the data folder " + e.Dir + " " + e.Problem
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the system's error.
func (e *Error) Unwrap() error { return e.Err }

// Open opens the state in a folder and creates the folder if necessary. An error is an *Error.
func Open(dir string) (j *Journal, err error) {
	if dir, err = filepath.Abs(dir); err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return nil, &Error{dir, "cannot be made", err}
	}
	j = &Journal{dir: dir, entries: map[string]map[string]place{}}
	if j.lock, err = os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, &Error{dir, "cannot be used", err}
	}
	if err := exclusive(j.lock); err != nil {
		return nil, errors.Join(&Error{dir, "is in use by another local cloud: stop that one, or choose another folder", nil}, j.lock.Close())
	}
	if err := j.open(); err != nil {
		return nil, errors.Join(err, j.lock.Close())
	}
	j.timer = time.AfterFunc(linger, func() { _ = j.Commit() }) // an error is returned by the next Commit
	return j, nil
}

func (j *Journal) open() (err error) {
	path := filepath.Join(j.dir, fileName)
	j.file, err = os.OpenFile(path, os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		err = j.copy() // writes an empty journal with the first line
	}
	if err != nil {
		return &Error{j.dir, "cannot be used", err}
	}
	if err := j.replay(); err != nil {
		return errors.Join(err, j.file.Close())
	}
	return nil
}

// replay reads the whole file and cuts off an incomplete last frame.
func (j *Journal) replay() error {
	r := bufio.NewReaderSize(io.NewSectionReader(j.file, 0, 1<<62), 1<<20)
	line, err := r.ReadString('\n')
	if err := j.checkFormat(line); err != nil {
		return err
	}
	j.size = int64(len(line))
	for err == nil {
		var changes []byte
		if changes, err = readFrame(r); err == nil {
			err = j.apply(changes, j.size+frameHeader)
			j.size += frameHeader + int64(len(changes))
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		if err = j.file.Truncate(j.size); err == nil {
			return nil
		}
	case errors.Is(err, errDamaged):
		return &Error{j.dir, fmt.Sprintf("is damaged: the file %s differs from what was written from byte %d on. Delete the folder to start afresh, "+
			"or cut the file there (truncate -s %[2]d) to have what was before", filepath.Join(j.dir, fileName), j.size), err}
	}
	return &Error{j.dir, "cannot be read", err}
}

func (j *Journal) checkFormat(line string) error {
	number, ours := strings.CutPrefix(strings.TrimSuffix(line, "\n"), format)
	switch n, err := strconv.Atoi(number); {
	case !ours || err != nil:
		return &Error{j.dir, fmt.Sprintf("contains a file %s that no local cloud wrote: choose another folder", fileName), nil}
	case n != version:
		return &Error{j.dir, fmt.Sprintf("has format %d, and this local cloud knows format %d: use the version of the repository that made it, "+
			"or delete the folder to start afresh", n, version), nil}
	}
	return nil
}
