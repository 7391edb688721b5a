package lambda

import (
	"path/filepath"
	"time"
)

// The kinds of journal entries. Code lies beside the journal in codeFolder, one folder per version.
const (
	kindFunction = "lambda/function" // by name
	kindMapping  = "lambda/mapping"  // by UUID
	kindEvent    = "lambda/event"    // an asynchronous invocation in progress, by request id

	codeFolder = "lambda"
)

type functionEntry struct {
	Settings       Settings
	Tags           map[string]string
	Architecture   string
	Code, Digest   string // the name of the folder
	Size           int
	Modified       time.Time
	Revision       string
	Reserved       *int
	Policy         []statement
	PolicyRevision string
	Events         *EventInvokeConfig
}

// keep saves a function. The caller holds the mutex.
func (s *Service) keep(f *function) {
	s.journal.Put(kindFunction, f.name, functionEntry{
		f.settings, f.tags, f.architecture, filepath.Base(f.code.directory), f.code.digest, f.code.size, f.modified, f.revision, f.reserved,
		f.policy.statements, f.policy.revision, f.events,
	})
}

func (s *Service) keepEvent(e *event) { s.journal.Put(kindEvent, e.RequestID, e) }
