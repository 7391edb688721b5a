package inbox

import (
	"context"

	"example.com/troupe/services/kit/eventing"
)

// Expected is what a unit of work will probably ask for first: its record, and documents.
type Expected struct {
	Key       string
	Documents []string
}

// Ahead is what was read for a unit of work before it began; the zero value is nothing. The
// unit's first run starts from it. Where it is out of date by then, the commit meets a conflict or a
// duplicate, as with anything read, and the unit runs again from what is there.
type Ahead struct {
	Known     bool    // the record was looked for
	Record    *Record // nil where there is none
	Documents map[string]Document
}

// Document is a document as it was read; version 0 is for none.
type Document struct {
	Body    []byte
	Version int64
}

// AheadReader is a driver that reads for many units of work with one call. What it could not read
// it leaves out, as it does a document that another of the units expects as well: that one
// will have changed it.
type AheadReader interface {
	ReadAhead(ctx context.Context, units []Expected) ([]Ahead, error)
}

// find returns the record of a unit of work: as it was read ahead, at the first attempt.
func (b Inbox) find(ctx context.Context, key string, ahead Ahead) (*Record, error) {
	if ahead.Known {
		return ahead.Record, nil
	}
	return b.Find(ctx, key)
}

// over returns a state in which documents that were read ahead need not be read.
func (a Ahead) over(state eventing.State) eventing.State {
	if len(a.Documents) == 0 {
		return state
	}
	return aheadState{a, state}
}

type aheadState struct {
	Ahead
	eventing.State
}

func (s aheadState) Read(ctx context.Context, key string) ([]byte, int64, error) {
	if doc, known := s.Documents[key]; known {
		return doc.Body, doc.Version, nil
	}
	return s.State.Read(ctx, key)
}
