package source

import "example.com/troupe/scripts/internal/console/record"

// memory remembers events by the ids of their messages: as many as its size at the least,
// and twice that at the most.
type memory struct {
	size          int
	young, before map[string]record.EventRef
}

func newMemory(size int) *memory { return &memory{size: size, young: map[string]record.EventRef{}} }

func (m *memory) put(id string, fact record.EventRef) {
	if len(m.young) >= m.size {
		m.before, m.young = m.young, map[string]record.EventRef{}
	}
	m.young[id] = fact
}

func (m *memory) get(id string) (record.EventRef, bool) {
	if fact, known := m.young[id]; known {
		return fact, true
	}
	fact, known := m.before[id]
	return fact, known
}
