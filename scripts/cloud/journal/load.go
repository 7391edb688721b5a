package journal

import (
	"encoding/json"
	"maps"
	"slices"
)

// Load calls each for all entries of a kind, in order of key. It is for the start: changes that are not committed may
// be missing.
func Load[T any](j *Journal, kind string, each func(key string, value T) error) error {
	if j == nil {
		return nil
	}
	j.writing.Lock()
	defer j.writing.Unlock()
	for _, key := range slices.Sorted(maps.Keys(j.entries[kind])) {
		raw, err := j.read(j.entries[kind][key])
		var value T
		if err == nil {
			err = json.Unmarshal(raw, &value)
		}
		if err == nil {
			err = each(key, value)
		}
		if err != nil {
			return &Error{j.dir, "contains " + kind + " " + key + ", which cannot be loaded: delete the folder to start afresh", err}
		}
	}
	return nil
}
