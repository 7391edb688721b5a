package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The file is compacted if it has at least minCompact bytes and maxGarbage times the size of its live entries.
const (
	minCompact = 8 << 20
	maxGarbage = 3
)

// compact drops outdated entries if they make up most of the file. Requests wait for it.
func (j *Journal) compact() error {
	if j.size < minCompact || j.size < maxGarbage*j.live {
		return nil
	}
	old := j.file
	if err := j.copy(); err != nil {
		return fmt.Errorf("copy the current entries: %w", err)
	}
	return old.Close()
}

// copy writes all entries to a new file, which atomically replaces the old one.
func (j *Journal) copy() (err error) {
	next, err := os.OpenFile(filepath.Join(j.dir, nextName), os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	fresh := &Journal{dir: j.dir, file: next, entries: map[string]map[string]place{}}
	if err = fresh.fill(j); err == nil {
		err = next.Sync()
	}
	if err == nil {
		err = os.Rename(next.Name(), filepath.Join(j.dir, fileName))
	}
	if err != nil {
		return errors.Join(err, next.Close())
	}
	j.file, j.size, j.entries, j.live = fresh.file, fresh.size, fresh.entries, fresh.live
	return nil
}

// fill writes the first line, and the entries of another journal in frames of limited size.
func (j *Journal) fill(from *Journal) error {
	n, err := fmt.Fprintf(j.file, "%s%d\n", format, version)
	if err != nil {
		return err
	}
	j.size = int64(n)
	var changes []byte
	for kind, entries := range from.entries {
		for key, p := range entries {
			value, err := from.read(p)
			if err != nil {
				return err
			}
			if changes = appendEntry(changes, kind, key, value); len(changes) < maxSpare {
				continue
			}
			if err := j.write(changes); err != nil {
				return err
			}
			changes = changes[:0]
		}
	}
	return j.write(changes)
}

func (j *Journal) read(p place) ([]byte, error) {
	value := make([]byte, p.length)
	_, err := j.file.ReadAt(value, p.offset)
	return value, err
}
