package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/personal"
	"example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
)

// eraser erases one subject.
type eraser struct {
	options
	at       *target.Target
	declared *stack.Declared
	personal *personal.Declared
	queues   *sqs.Client
	out      io.Writer
	now      atomic.Pointer[string] // what is looked at, for the progress
	report   report
}

// report is the JSON output.
type report struct {
	Subject  string     `json:"subject"`
	Services []*service `json:"services"`
	Archive  archived   `json:"archive"`
	Logs     []logged   `json:"logs"`
	ByHand   []string   `json:"byHand"`  // what remains to be done by a person
	Erased   int        `json:"erased"`  // documents, records and dead letters
	Changed  int        `json:"changed"` // found, and not erased since they changed meanwhile
}

// service is where the subject is in what a service has.
type service struct {
	Name        string  `json:"name"`
	Documents   []entry `json:"documents"`
	Records     []entry `json:"records"`
	Young       int     `json:"young"` // records that wait: see waits
	Queue       *queue  `json:"queue,omitempty"`
	DeadLetters int     `json:"deadLetters"` // about the subject, in both queues

	store store // nil if it has none that can be reached
}

// entry is a document or a record in a store that is about the subject.
type entry struct {
	Key     string `json:"key"`
	version string
	before  string
	after   string
	age     age
}

// store is a service's documents and records.
type store interface {
	// scan calls take with every document and record, and keeps those that it returns.
	scan(ctx context.Context, subject string, document, record func(key string, text []byte) ([]byte, error)) (documents, records []entry, err error)
	// replace writes a document or record, and reports whether it was as it was before.
	replace(ctx context.Context, e entry, document bool) (done bool, err error)
	close() error
}

func erase(ctx context.Context, o options, declared *stack.Declared, t cli.Terminal) (err error) {
	at, err := target.Find(ctx, declared, o.env, o.endpoint)
	if err != nil {
		return err
	}
	marked, err := personal.Of(declared)
	if err != nil {
		return err
	}
	e := &eraser{options: o, at: at, declared: declared, personal: marked, queues: sqs.NewFromConfig(at.Config), out: t.Out}
	if o.json {
		e.out = io.Discard
	}
	e.report.Subject = o.subject
	defer func() { err = errors.Join(err, e.close()) }()
	err = e.run(ctx, t)
	if !o.json {
		return err
	}
	return errors.Join(err, cli.PrintJSON(t.Out, e.report))
}

func (e *eraser) run(ctx context.Context, t cli.Terminal) error {
	e.step("looking")
	stop := progress.Show(ctx, t.Err, func() string { return *e.now.Load() })
	err := e.look(ctx)
	stop()
	if err != nil {
		return err
	}
	e.show()
	switch n := e.removable(); {
	case n == 0:
		fmt.Fprintln(e.out, "There is nothing to remove.")
		return nil
	case e.json && !e.yes:
		return nil
	case !e.yes:
		if err := e.confirm(t.In, n); err != nil {
			return err
		}
	}
	stop = progress.Show(ctx, t.Err, func() string { return *e.now.Load() })
	err = e.remove(ctx)
	stop()
	fmt.Fprintf(e.out, "Erased %s.\n", cli.Count(e.report.Erased, "item"))
	if err == nil && e.report.Changed > 0 {
		err = fmt.Errorf("%s changed meanwhile and stayed: run it again", cli.Count(e.report.Changed, "item"))
	}
	return err
}

func (e *eraser) step(format string, args ...any) { e.now.Store(new(fmt.Sprintf(format, args...))) }

// look finds the subject everywhere.
func (e *eraser) look(ctx context.Context) error {
	for _, m := range e.declared.Manifests {
		s := &service{Name: m.Name, Documents: []entry{}, Records: []entry{}}
		e.report.Services = append(e.report.Services, s)
		e.step("looking at what %s keeps", m.Name)
		if err := e.open(m, s); err != nil {
			return err
		}
		if err := e.lookAtQueues(ctx, s); err != nil {
			return err
		}
		if s.store == nil {
			continue
		}
		var err error
		s.Documents, s.Records, err = s.store.scan(ctx, e.subject,
			func(key string, body []byte) ([]byte, error) {
				return e.personal.EraseDocument(m.Name, key, body, e.subject)
			},
			func(_ string, record []byte) ([]byte, error) {
				return e.personal.EraseRecord(m.Name, record, e.subject)
			})
		if err != nil {
			return fmt.Errorf("look at what %s keeps: %w", m.Name, err)
		}
		s.wait()
	}
	if err := e.lookAtArchive(ctx); err != nil {
		return err
	}
	return e.lookAtLogs(ctx, cloudwatchlogs.NewFromConfig(e.at.Config))
}

// open finds a service's store.
func (e *eraser) open(m *manifest.Manifest, s *service) (err error) {
	switch m.Store {
	case manifest.DynamoDB:
		s.store = &table{client: dynamodb.NewFromConfig(e.at.Config), name: e.at.Tables[m.Name]}
	case manifest.SQL:
		s.store, err = e.database(m.Name)
	}
	return err
}

// wait takes away the records that may not be erased yet: an event that a unit of work committed may still have to be
// published from its record, while the message that caused it is in the service's queues. No message is there for longer
// than it is kept.
func (s *service) wait() {
	if s.Queue == nil || s.Queue.Messages+s.Queue.Dead == s.DeadLetters { // these are deleted first
		return
	}
	old := slices.DeleteFunc(slices.Clone(s.Records), func(r entry) bool { return r.age < age(s.Queue.keeps) })
	s.Young, s.Records = len(s.Records)-len(old), old
}

// removable returns how many items can be removed.
func (e *eraser) removable() (n int) {
	for _, s := range e.report.Services {
		n += len(s.Documents) + len(s.Records) + s.DeadLetters
	}
	return n
}

// confirm asks the user.
func (e *eraser) confirm(in io.Reader, n int) error {
	fmt.Fprintf(e.out, "Erase %s from %s? It can't be undone. Type yes: ", cli.Count(n, "item"), e.at.BusName)
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(answer) != "yes" {
		return cli.Refuse("nothing was removed, because you did not type yes; -yes skips the question")
	}
	return nil
}

// remove removes what was found. Each item is removed alone, so that it may be interrupted.
func (e *eraser) remove(ctx context.Context) error {
	for _, s := range e.report.Services {
		e.step("erasing from what %s keeps: %s so far", s.Name, cli.Count(e.report.Erased, "item"))
		if s.DeadLetters > 0 {
			for _, q := range e.letters(s.Name) {
				deleted, err := q.Delete(ctx, e.about)
				e.report.Erased += deleted
				if err != nil {
					return err
				}
			}
		}
		if err := errors.Join(e.replace(ctx, s, s.Documents, true), e.replace(ctx, s, s.Records, false)); err != nil {
			return err
		}
	}
	return nil
}

// replace writes what is left of documents or records.
func (e *eraser) replace(ctx context.Context, s *service, entries []entry, document bool) error {
	for _, found := range entries {
		done, err := s.store.replace(ctx, found, document)
		switch {
		case err != nil:
			return fmt.Errorf("erase %s of %s: %w", found.Key, s.Name, err)
		case done:
			e.report.Erased++
		default:
			e.report.Changed++
		}
	}
	return nil
}

func (e *eraser) close() (err error) {
	for _, s := range e.report.Services {
		if s.store != nil {
			err = errors.Join(err, s.store.close())
		}
	}
	return err
}
