package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.com/localcloud/journal"
)

func open(t testing.TB, dir string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func done(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// contents returns all entries of the kind "item".
func contents(t testing.TB, j *journal.Journal) string {
	t.Helper()
	var all []string
	done(t, journal.Load(j, "item", func(key string, value string) error {
		all = append(all, key+"="+value)
		return nil
	}))
	return strings.Join(all, " ")
}

func TestWhatIsCommittedIsThereAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	j := open(t, dir)
	j.Put("item", "b", "1")
	j.Put("item", "a", "2")
	j.Put("other", "a", "3")
	j.Put("item", "gone", "4")
	done(t, j.Commit())
	j.Save(journal.Change{Kind: "item", Key: "b", Value: "5"}, journal.Change{Kind: "item", Key: "gone"})
	j.Put("item", "", "6")
	done(t, j.Close())
	if err := j.Commit(); err == nil {
		t.Error("a closed journal still commits")
	}
	j = open(t, dir)
	defer j.Close()
	if got := contents(t, j); got != "=6 a=2 b=5" {
		t.Errorf("the entries are %q", got)
	}
}

func TestWithoutAFolderNothingHappens(t *testing.T) {
	var j *journal.Journal
	j.Put("item", "a", "1")
	j.Delete("item", "a")
	done(t, j.Commit())
	if got := contents(t, j); got != "" || j.Path("x") != "" {
		t.Errorf("it holds %q", got)
	}
	done(t, j.Close())
}

// TestDamage damages the file, which contains entry a and then b.
func TestDamage(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func([]byte) []byte
		says  string // the error; "" if it opens with what is left
		left  string
	}{
		{"nothing", func(b []byte) []byte { return b }, "", "a=1 b=2"},
		{"cut in the last frame", func(b []byte) []byte { return b[:len(b)-1] }, "", "a=1"},
		{"cut in its header", func(b []byte) []byte { return b[:len(b)-16] }, "", "a=1"},
		{"a byte of a change", func(b []byte) []byte { return bytes.Replace(b, []byte(`"1"`), []byte(`"7"`), 1) }, "is damaged: the file", ""},
		{"a length", func(b []byte) []byte { b[bytes.IndexByte(b, '\n')+2] = 1; return b }, "truncate -s 26", ""},
		{"zeros at the end", func(b []byte) []byte { return append(b, make([]byte, 100)...) }, "to have what was before", ""},
		{"a newer format", func(b []byte) []byte { return bytes.Replace(b, []byte("data 1\n"), []byte("data 2\n"), 1) }, "has format 2, and this local cloud knows format 1", ""},
		{"something else", func([]byte) []byte { return []byte("a diary\n") }, "that no local cloud wrote", ""},
		{"nothing at all", func([]byte) []byte { return nil }, "that no local cloud wrote", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			j := open(t, dir)
			j.Put("item", "a", "1")
			done(t, j.Commit())
			j.Put("item", "b", "2")
			done(t, j.Close())
			file := filepath.Join(dir, "journal")
			raw, err := os.ReadFile(file)
			done(t, err)
			done(t, os.WriteFile(file, test.spoil(raw), 0o600))

			j, err = journal.Open(dir)
			if test.says != "" {
				if known, ok := errors.AsType[*journal.Error](err); !ok || !strings.Contains(known.Error(), test.says) {
					t.Fatalf("the error is %v, want %q", err, test.says)
				}
				return
			}
			done(t, err)
			if got := contents(t, j); got != test.left {
				t.Errorf("the entries are %q, want %q", got, test.left)
			}
			j.Put("item", "c", "3") // appended where the rest was cut off
			done(t, j.Close())
			j = open(t, dir)
			defer j.Close()
			if got := contents(t, j); got != test.left+" c=3" {
				t.Errorf("later the entries are %q", got)
			}
		})
	}
}

func TestOneAtATime(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	if _, err := journal.Open(dir); err == nil || !strings.Contains(err.Error(), "in use by another local cloud") {
		t.Errorf("the error is %v", err)
	}
	done(t, j.Close())
	done(t, open(t, dir).Close())
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	done(t, os.WriteFile(file, nil, 0o600))
	if _, err := journal.Open(filepath.Join(file, "folder")); err == nil || !strings.Contains(err.Error(), "cannot be made") {
		t.Errorf("the error is %v", err)
	}
}

// TestTheFileStaysSmall writes far more than is current, from many goroutines.
func TestTheFileStaysSmall(t *testing.T) {
	const writers, rounds, size = 8, 40, 64 << 10 // 20 MB
	dir := t.TempDir()
	j := open(t, dir)
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			key := fmt.Sprint(w)
			for i := range rounds {
				j.Put("item", key, fmt.Sprint(i, strings.Repeat("x", size)))
				j.Put("item", key+"-gone", "x")
				if err := j.Commit(); err != nil {
					t.Error(err)
				}
				j.Delete("item", key+"-gone")
			}
		})
	}
	writing.Wait()
	done(t, j.Close())
	info, err := os.Stat(filepath.Join(dir, "journal"))
	done(t, err)
	if info.Size() > 10<<20 {
		t.Errorf("the file has %d bytes", info.Size())
	}
	j = open(t, dir)
	defer j.Close()
	got := strings.Split(contents(t, j), "=")
	if len(got) != writers+1 {
		t.Fatalf("there are %d entries, want %d", len(got)-1, writers)
	}
	for _, value := range got[1:] {
		if !strings.HasPrefix(value, fmt.Sprint(rounds-1, "x")) {
			t.Errorf("an entry is %.20q", value)
		}
	}
}

func BenchmarkCommit(b *testing.B) {
	value := strings.Repeat("x", 1000)
	for _, clients := range []int{1, 32} {
		b.Run(fmt.Sprintf("%d clients", clients), func(b *testing.B) {
			j := open(b, b.TempDir())
			defer j.Close()
			b.SetParallelism(clients)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					j.Put("item", "a", value)
					if err := j.Commit(); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
