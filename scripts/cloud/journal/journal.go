package journal

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// linger is how long a change stays in memory if no request waits for it.
const linger = 5 * time.Millisecond

// Change is the new state of an entry. A nil value deletes it.
type Change struct {
	Kind, Key string
	Value     any // encoded as JSON
}

// Journal holds the state in one folder. Create it with Open, and Close it.
type Journal struct {
	dir  string
	lock *os.File

	writing sync.Mutex // held by the writer; locked before mu
	file    *os.File
	size    int64                       // of the file
	entries map[string]map[string]place // by kind and key
	live    int64                       // bytes of changes that are not outdated

	mu      sync.Mutex
	pending []byte // changes not written yet
	spare   []byte // memory for further changes
	failed  error  // why nothing can be written any more
	timer   *time.Timer
}

// place is the position of an entry's value in the file.
type place struct {
	offset int64
	length int
}

// Put saves one entry. It encodes the value before it returns.
func (j *Journal) Put(kind, key string, value any) { j.Save(Change{kind, key, value}) }

// Delete deletes one entry.
func (j *Journal) Delete(kind, key string) { j.Save(Change{kind, key, nil}) }

// Save makes several changes: either all survive, or none.
func (j *Journal) Save(changes ...Change) {
	if j == nil || len(changes) == 0 {
		return
	}
	var encoded []byte
	for _, c := range changes {
		var err error
		if encoded, err = appendChange(encoded, c); err != nil {
			j.fail(fmt.Errorf("encode %s %q: %w", c.Kind, c.Key, err))
			return
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.pending) == 0 {
		j.timer.Reset(linger)
	}
	j.pending = append(j.pending, encoded...)
}

func appendChange(b []byte, c Change) ([]byte, error) {
	if c.Value == nil {
		return append(appendKey(b, c.Kind, c.Key), 0), nil
	}
	value, err := json.Marshal(c.Value)
	return appendEntry(b, c.Kind, c.Key, value), err
}

// appendEntry appends kind, key and value, each after its length. The length of a value is stored increased by one,
// since 0 means that there is no value.
func appendEntry(b []byte, kind, key string, value []byte) []byte {
	return append(binary.AppendUvarint(appendKey(b, kind, key), uint64(len(value))+1), value...)
}

func appendKey(b []byte, kind, key string) []byte {
	b = append(binary.AppendUvarint(b, uint64(len(kind))), kind...)
	return append(binary.AppendUvarint(b, uint64(len(key))), key...)
}

// Commit returns once all changes saved before are written. After an error, nothing more is written, and nothing may
// be acknowledged.
func (j *Journal) Commit() error {
	if j == nil {
		return nil
	}
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mu.Lock()
	pending, err := j.pending, j.failed
	j.pending = j.spare[:0]
	j.mu.Unlock()
	if err != nil || len(pending) == 0 {
		j.spare = pending[:0]
		return err
	}
	if err = j.write(pending); err == nil {
		err = j.compact()
	}
	if err != nil {
		return j.fail(err)
	}
	if j.spare = nil; cap(pending) <= maxSpare {
		j.spare = pending[:0]
	}
	return nil
}

// maxSpare is the most memory to reuse for further changes, in bytes.
const maxSpare = 1 << 20

// fail records the first error and returns it.
func (j *Journal) fail(err error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed == nil {
		j.failed = fmt.Errorf("the data folder %s cannot be written: %w; free some space and restart the local cloud", j.dir, err)
	}
	return j.failed
}

// Path returns the path of a folder in the data folder, for what is too large for an entry. It returns "" if nothing
// is saved.
func (j *Journal) Path(folder string) string {
	if j == nil {
		return ""
	}
	return filepath.Join(j.dir, folder)
}

var errClosed = errors.New("nothing is kept any more: the local cloud is shutting down")

// Close writes the remaining changes to disk and unlocks the folder. Further calls do nothing.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	j.timer.Stop()
	err := j.Commit()
	if errors.Is(err, errClosed) {
		return nil
	}
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failed = errClosed // for late callers
	return errors.Join(err, j.file.Sync(), j.file.Close(), j.lock.Close())
}
