package dynamodb

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/journal"
)

// The kinds of entries in the journal.
const (
	kindTable = "dynamodb/table" // by name
	kindItem  = "dynamodb/item"  // by table and encoded key
	kindClaim = "dynamodb/claim" // by client token
)

// tableEntry is all of a table but its items: what would make it, and what came later.
type tableEntry struct {
	CreateTableInput
	ID      string
	Created time.Time
	TTL     string
}

func (t *table) entry() tableEntry {
	in := CreateTableInput{
		TableName: t.name, AttributeDefinitions: t.definitions(), KeySchema: t.schema.elements(),
		BillingMode: t.billing.mode, ProvisionedThroughput: t.billing.given(), DeletionProtectionEnabled: t.protected,
	}
	for key, value := range t.tags {
		in.Tags = append(in.Tags, Tag{key, value})
	}
	for i := range t.indexes {
		x := &t.indexes[i]
		made := SecondaryIndex{IndexName: x.name, KeySchema: x.schema.elements(), Projection: &x.projection}
		if x.local {
			in.LocalSecondaryIndexes = append(in.LocalSecondaryIndexes, made)
			continue
		}
		made.ProvisionedThroughput = x.billing.given()
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, made)
	}
	return tableEntry{in, t.id, t.created, t.ttl}
}

// given is the throughput that a request for this billing names.
func (b billing) given() *Throughput {
	if b.mode != provisioned {
		return nil
	}
	return &b.throughput
}

func (t *table) itemKey(key string) string { return t.name + "/" + key }

// note has the item at a key saved when the write that it belongs to has succeeded.
func (t *table) note(key string, fresh *row) {
	if !t.kept {
		return
	}
	change := journal.Change{Kind: kindItem, Key: t.itemKey(key)}
	if fresh != nil {
		change.Value = fresh.item
	}
	t.noted = append(t.noted, change)
}

// taken returns what is to be saved of a table that others are about to see.
func (t *table) taken() []journal.Change {
	changes := t.noted
	if t.redefined && t.kept {
		changes = append(changes, journal.Change{Kind: kindTable, Key: t.name, Value: t.entry()})
	}
	t.noted, t.redefined = nil, false
	return changes
}

// forget deletes a table with its items.
func (s *Service) forget(t *table) {
	if s.journal == nil {
		return
	}
	changes := []journal.Change{{Kind: kindTable, Key: t.name}}
	for key := range t.items.between("", "", true) {
		changes = append(changes, journal.Change{Kind: kindItem, Key: t.itemKey(key)})
	}
	s.journal.Save(changes...)
}

type claimEntry struct {
	Request []byte
	At      time.Time
}

// claim has a transaction saved as done, together with what it did.
func (d *draft) claim(c claim) {
	if c.token != "" {
		d.noted = append(d.noted, journal.Change{Kind: kindClaim, Key: c.token, Value: claimEntry{c.request[:], c.at}})
	}
}

// Restore takes up what a journal has, and keeps everything there from now on. It is called once,
// before anything else.
func (s *Service) Restore(j *journal.Journal) error {
	err := journal.Load(j, kindTable, func(name string, e tableEntry) error {
		t, err := newTable(&e.CreateTableInput)
		if err == nil {
			t.id, t.created, t.ttl = e.ID, e.Created, e.TTL
			s.tables[name] = t
		}
		return err
	})
	if err == nil {
		err = journal.Load(j, kindItem, func(key string, item Item) error {
			name, _, _ := strings.Cut(key, "/")
			t, err := s.named(name)
			if err == nil {
				t.put(item)
			}
			return err
		})
	}
	for _, t := range s.tables {
		t.kept = true
	}
	if err == nil {
		err = s.restoreClaims(j)
	}
	s.journal, s.claims.journal = j, j
	return err
}

func (s *Service) restoreClaims(j *journal.Journal) error {
	var all []claim
	err := journal.Load(j, kindClaim, func(token string, e claimEntry) error {
		all = append(all, claim{token, [sha256.Size]byte(e.Request), e.At})
		return nil
	})
	slices.SortFunc(all, func(a, b claim) int { return a.at.Compare(b.at) })
	for _, c := range all {
		s.claims.keep(c)
	}
	return err
}
