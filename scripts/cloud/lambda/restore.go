package lambda

import (
	"os"
	"path/filepath"

	"example.com/localcloud/journal"
)

// Restore loads the state from a journal and saves every later change there. Call it once, after roles and queues
// have been restored: mappings and asynchronous invocations resume at once.
func (s *Service) Restore(j *journal.Journal) error {
	s.journal, s.directory = j, j.Path(codeFolder)
	if err := os.MkdirAll(s.directory, 0o700); err != nil {
		return err
	}
	if err := journal.Load(j, kindFunction, s.restoreFunction); err != nil {
		return err
	}
	if err := s.sweepCode(); err != nil {
		return err
	}
	err := journal.Load(j, kindMapping, func(uuid string, m Mapping) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.mappings[uuid] = &mapping{Mapping: m}
		if m.State == stateEnabled {
			s.poll(s.mappings[uuid])
		}
		return nil
	})
	if err != nil {
		return err
	}
	return journal.Load(j, kindEvent, func(_ string, e event) error {
		s.launch(func() { s.runEvent(&e) })
		return nil
	})
}

func (s *Service) restoreFunction(name string, e functionEntry) (err error) {
	c := &code{uses: 1, directory: filepath.Join(s.directory, e.Code), size: e.Size, digest: e.Digest, journal: s.journal}
	if _, err := os.Stat(c.directory); err != nil {
		return err
	}
	f := &function{
		name: name, settings: defaults(name).with(e.Settings), tags: e.Tags, architecture: e.Architecture, code: c,
		modified: e.Modified, revision: e.Revision, reserved: e.Reserved, events: e.Events,
	}
	if len(e.Policy) > 0 {
		if f.policy, err = f.policy.with(e.Policy); err != nil {
			return err
		}
	}
	f.policy.revision = e.PolicyRevision
	f.pool = newPool(s, f)
	s.functions[name] = f
	return nil
}

// sweepCode removes code that belongs to no function, because the process ended while it was uploaded.
func (s *Service) sweepCode() error {
	used := map[string]bool{}
	for _, f := range s.functions {
		used[filepath.Base(f.code.directory)] = true
	}
	folders, err := os.ReadDir(s.directory)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if used[folder.Name()] {
			continue
		}
		if err := os.RemoveAll(filepath.Join(s.directory, folder.Name())); err != nil {
			return err
		}
	}
	return nil
}
