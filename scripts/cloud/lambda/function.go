package lambda

import (
	"fmt"
	"net/http"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// function is the current state of a function. The service's mutex guards it.
type function struct {
	name     string
	settings Settings
	tags     map[string]string
	code     *code
	modified time.Time
	revision string
	pool     *pool
	running  int  // number of running invocations
	reserved *int // reserved concurrency
	policy   resourcePolicy
	events   *EventInvokeConfig // nil for the defaults

	architecture string // as configured
}

// latest is the only version.
const latest = "$LATEST"

// maxConcurrency is the maximum number of concurrent invocations of a function without reserved concurrency: an
// account's quota (Lambda quotas).
const maxConcurrency = 1000

func (f *function) arn() string { return arnOf(f.name) }

func arnOf(name string) string { return wire.ARN("lambda", "function:"+name) }

// touch gives the function a new revision with a new pool.
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

// constraint returns the error for a member that does not satisfy the API's model.
func constraint(member, format string, args ...any) error {
	return wire.Errorf("ValidationException", "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must %s", member, fmt.Sprintf(format, args...))
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidParameterValueException", format, args...)
}
