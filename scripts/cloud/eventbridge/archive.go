package eventbridge

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/eventbridge/pattern"
	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

type archive struct {
	name         string
	source       string // ARN of the bus
	description  string
	eventPattern string
	pattern      *pattern.Pattern // nil matches every event
	retention    int              // days; 0 means indefinitely
	created      Time
	events       []archived // in order of arrival
	bytes        int
	budget       int // see Service.ArchiveBytes
	gone         letGo
	last         uint64 // the last event's number
	journal      *journal.Journal
}

type archived struct {
	number uint64
	id     string
	time   Time
	raw    []byte
}

func archiveARN(name string) string { return wire.ARN("events", "archive/"+name) }

// archive stores an event in the archives of its bus whose patterns match.
func (s *Service) archive(b *bus, e *event) {
	s.mu.RLock()
	none := len(s.archives) == 0
	s.mu.RUnlock()
	if none {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.archives {
		if a.source == b.arn && a.wants(e) {
			a.add(e)
		}
	}
}

func (a *archive) add(e *event) {
	a.last++
	a.events = append(a.events, archived{a.last, e.id, e.time, bytes.Clone(e.raw)}) // without spare capacity
	a.bytes += len(e.raw)
	if a.journal != nil {
		a.journal.Put(kindArchived, archivedKey(a.name, a.last), archivedEntry{e.id, e.time.Time, string(e.raw)})
	}
	a.trim()
}

func (a *archive) restore(number string, e archivedEntry) (err error) {
	a.last, err = strconv.ParseUint(number, 10, 64)
	a.events = append(a.events, archived{a.last, e.ID, Time{e.Time}, []byte(e.Raw)})
	a.bytes += len(e.Raw)
	return err
}

func (a *archive) wants(e *event) bool {
	if a.pattern == nil {
		return true
	}
	match, err := a.pattern.Match(e.raw)
	return match && err == nil
}

// trim drops the events that exceed the retention, and the oldest while the archive is too large.
func (a *archive) trim() {
	if a.retention > 0 {
		n, oldest := 0, time.Now().AddDate(0, 0, -a.retention)
		for n < len(a.events) && a.events[n].time.Before(oldest) {
			n++
		}
		a.drop(n)
	}
	if a.bytes > a.budget {
		a.makeRoom()
	}
}

// drop drops the first n events.
func (a *archive) drop(n int) {
	for _, e := range a.events[:n] {
		a.bytes -= len(e.raw)
		a.journal.Delete(kindArchived, archivedKey(a.name, e.number))
	}
	clear(a.events[:n]) // so that they can be garbage collected
	a.events = a.events[n:]
}

func (s *Service) archiveNamed(name string) (*archive, error) {
	if a := s.archives[name]; a != nil {
		a.trim()
		return a, nil
	}
	return nil, notFound("Archive %s does not exist.", name)
}

// CreateArchiveInput describes an archive of a bus's events.
type CreateArchiveInput struct {
	ArchiveName    string
	EventSourceArn string
	EventPattern   string
	RetentionDays  int
	Description    string
}

func (in *CreateArchiveInput) arn() string { return archiveARN(in.ArchiveName) }

// ArchiveOutput identifies an archive that was created or changed.
type ArchiveOutput struct {
	ArchiveArn   string
	CreationTime Time
	State        string
}

// CreateArchive creates an archive of a bus's future events.
func (s *Service) CreateArchive(_ context.Context, in *CreateArchiveInput) (*ArchiveOutput, error) {
	if err := checkName("archiveName", in.ArchiveName, 48); err != nil {
		return nil, err
	}
	if err := checkArchive(in.Description, in.RetentionDays); err != nil {
		return nil, err
	}
	a := &archive{name: in.ArchiveName, description: in.Description, retention: in.RetentionDays, created: now()}
	if err := a.setPattern(in.EventPattern); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.busOf(in.EventSourceArn)
	if err != nil {
		return nil, err
	}
	if s.archives[a.name] != nil {
		return nil, exists("Archive %s already exists.", a.name)
	}
	a.source, a.journal, a.budget = b.arn, s.journal, s.ArchiveBytes
	s.archives[a.name] = a
	a.keep()
	return a.output(), nil
}

func (a *archive) output() *ArchiveOutput {
	return &ArchiveOutput{archiveARN(a.name), a.created, enabled}
}

func (a *archive) setPattern(text string) error {
	if text == "" {
		return nil
	}
	compiled, err := compile(text)
	if err == nil {
		a.eventPattern, a.pattern = text, compiled
	}
	return err
}

// UpdateArchiveInput changes the given members of an archive.
type UpdateArchiveInput struct {
	ArchiveName   string
	EventPattern  string
	RetentionDays *int
	Description   *string
}

func (in *UpdateArchiveInput) arn() string { return archiveARN(in.ArchiveName) }

// UpdateArchive changes an archive.
func (s *Service) UpdateArchive(_ context.Context, in *UpdateArchiveInput) (*ArchiveOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.archiveNamed(in.ArchiveName)
	if err != nil {
		return nil, err
	}
	if err := a.setPattern(in.EventPattern); err != nil {
		return nil, err
	}
	if in.RetentionDays != nil {
		a.retention = *in.RetentionDays
	}
	if in.Description != nil {
		a.description = *in.Description
	}
	a.keep()
	a.trim()
	return a.output(), nil
}

// ArchiveInput names an archive.
type ArchiveInput struct{ ArchiveName string }

func (in *ArchiveInput) arn() string { return archiveARN(in.ArchiveName) }

// DeleteArchive deletes an archive and its events.
func (s *Service) DeleteArchive(_ context.Context, in *ArchiveInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.archiveNamed(in.ArchiveName)
	if err != nil {
		return nil, err
	}
	s.deleteArchive(a)
	return &Nothing{}, nil
}

// Archive describes an archive in a list.
type Archive struct {
	ArchiveName    string
	EventSourceArn string
	State          string
	StateReason    string `json:",omitempty"`
	RetentionDays  int
	SizeBytes      int
	EventCount     int
	CreationTime   Time
}

func (a *archive) describe() Archive {
	return Archive{a.name, a.source, enabled, a.gone.reason(a.budget), a.retention, a.bytes, len(a.events), a.created}
}

// DescribeArchiveOutput describes an archive.
type DescribeArchiveOutput struct {
	Archive
	ArchiveArn   string
	Description  string `json:",omitempty"`
	EventPattern string `json:",omitempty"`
}

// DescribeArchive describes an archive.
func (s *Service) DescribeArchive(_ context.Context, in *ArchiveInput) (*DescribeArchiveOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.archiveNamed(in.ArchiveName)
	if err != nil {
		return nil, err
	}
	return &DescribeArchiveOutput{a.describe(), archiveARN(a.name), a.description, a.eventPattern}, nil
}

// ListArchivesInput selects archives by one of name, source and state.
type ListArchivesInput struct {
	ListInput
	EventSourceArn string
	State          string
}

// ListArchivesOutput is a page of archives.
type ListArchivesOutput struct {
	Archives  []Archive
	NextToken string `json:",omitempty"`
}

// ListArchives lists archives in order of name.
func (s *Service) ListArchives(_ context.Context, in *ListArchivesInput) (*ListArchivesOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if in.EventSourceArn != "" {
		if _, err := s.busOf(in.EventSourceArn); err != nil {
			return nil, err
		}
	}
	archives, next := pageOf(s.archives, in.ListInput, func(a *archive) bool {
		return (in.EventSourceArn == "" || a.source == in.EventSourceArn) && (in.State == "" || in.State == enabled)
	})
	out := &ListArchivesOutput{Archives: []Archive{}, NextToken: next}
	for _, a := range archives {
		out.Archives = append(out.Archives, a.describe())
	}
	return out, nil
}

// between returns a copy of the events in a span of time, in order of their times.
func (a *archive) between(start, end time.Time) []archived {
	var found []archived
	for _, e := range a.events {
		if !e.time.Before(start) && e.time.Before(end) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b archived) int { return a.time.Compare(b.time.Time) })
	return found
}

// archiveOf returns the name of the archive with the given ARN.
func archiveOf(arn string) string { return strings.TrimPrefix(wire.Resource(arn), "archive/") }
