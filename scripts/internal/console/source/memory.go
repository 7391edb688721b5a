package source

import "example.com/troupe/scripts/internal/console/record"

// memory remembers events by their message IDs: at least size of them, and at most twice as many.
type memory struct {
	size          int
	young, before map[string]record.EventRef
}

func newMemory(size int) *memory { return &memory{size: size, young: map[string]record.EventRef{}} }

func (m *memory) put(id string, event record.EventRef) {
	if len(m.young) >= m.size {
		m.before, m.young = m.young, map[string]record.EventRef{}
	}
	m.young[id] = event
}

func (m *memory) get(id string) (record.EventRef, bool) {
	if event, known := m.young[id]; known {
		return event, true
	}
	event, known := m.before[id]
	return event, known
}
