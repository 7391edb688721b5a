package sqs

import (
	"regexp"

	"example.com/localcloud/wire"
)

// maxBatch is the maximum number of entries in a batch.
const maxBatch = 10

var batchID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// BatchResultErrorEntry describes an entry that failed.
type BatchResultErrorEntry struct {
	Id          string
	SenderFault bool
	Code        string
	Message     string
}

type entry interface{ id() string }

// batch runs one entry after another. Each fails or succeeds on its own.
func batch[E entry, R any](entries []E, run func(E) (R, error)) (done []R, failed []BatchResultErrorEntry) {
	done, failed = []R{}, []BatchResultErrorEntry{}
	for _, e := range entries {
		result, err := run(e)
		if err == nil {
			done = append(done, result)
			continue
		}
		reason := wire.AsError(err)
		failed = append(failed, BatchResultErrorEntry{Id: e.id(), SenderFault: reason.Status < 500, Code: reason.Code, Message: reason.Message})
	}
	return done, failed
}

// checkBatch rejects an invalid batch as a whole. The error for an empty batch contains name.
func checkBatch[E entry](name string, entries []E) error {
	switch n := len(entries); {
	case n == 0:
		return errLegacy("EmptyBatchRequest", "There should be at least one %s in the request.", name)
	case n > maxBatch:
		return errLegacy("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, n)
	}
	known := map[string]bool{}
	for _, e := range entries {
		id := e.id()
		if !batchID.MatchString(id) {
			return errLegacy("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		if known[id] {
			return errLegacy("BatchEntryIdsNotDistinct", "Id %s repeated.", id)
		}
		known[id] = true
	}
	return nil
}
