package lambda

import (
	"net/http"
	"strings"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// function is a function as it is now. The service's mutex guards it.
type function struct {
	name     string
	settings Settings
	tags     map[string]string
	code     *code
	modified time.Time
	revision string
	pool     *pool
	running  int  // invocations
	reserved *int // concurrency
	policy   resourcePolicy
	events   *EventInvokeConfig // nil: the defaults

	architecture string // as its owner said
}

// latest is the only version that there is.
const latest = "$LATEST"

// maxConcurrency is how many invocations run at once without a reservation: the quota of
// an account (Lambda quotas).
const maxConcurrency = 1000

func (f *function) arn() string { return arnOf(f.name) }

func arnOf(name string) string { return wire.ARN("lambda", "function:"+name) }

// nameOf returns the name in whatever may stand for a function: a name, an ARN or a
// part of one, each with the qualifier $LATEST or without.
func nameOf(reference string) string {
	if _, rest, found := strings.Cut(reference, "function:"); found {
		reference = rest
	}
	return strings.TrimSuffix(reference, ":"+latest)
}

// find returns a function; the mutex is held.
func (s *Service) find(reference string) (*function, error) {
	if f := s.functions[nameOf(reference)]; f != nil {
		return f, nil
	}
	return nil, missing("Function not found: " + arnOf(nameOf(reference)))
}

// touch gives the function a new revision, with environments of its own.
func (f *function) touch(s *Service) {
	f.modified, f.revision = time.Now(), requestid.New()
	old := f.pool
	f.pool = newPool(s, f)
	if old != nil {
		s.launchLocked(old.retire)
	}
	s.keep(f)
}

func missing(message string) error {
	return &wire.Error{Code: "ResourceNotFoundException", Message: message, Status: http.StatusNotFound}
}

func conflict(message string) error {
	return &wire.Error{Code: "ResourceConflictException", Message: message, Status: http.StatusConflict}
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidParameterValueException", format, args...)
}
