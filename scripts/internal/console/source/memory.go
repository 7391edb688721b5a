package source

import "example.com/troupe/scripts/internal/console/record"

// memory remembers facts by the ids of their messages: as many as its size at the least,
// and twice that at the most.
type memory struct {
	size          int
	young, before map[string]record.Fact
}

func newMemory(size int) *memory { return &memory{size: size, young: map[string]record.Fact{}} }

func (m *memory) put(id string, fact record.Fact) {
	if len(m.young) >= m.size {
		m.before, m.young = m.young, map[string]record.Fact{}
	}
	m.young[id] = fact
}

func (m *memory) get(id string) (record.Fact, bool) {
	if fact, known := m.young[id]; known {
		return fact, true
	}
	fact, known := m.before[id]
	return fact, known
}
